using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>What a reference run was given: the network's input, its conditions, pictures and tokens.</summary>
internal sealed class GoldenInputs(GoldenSet set, IDiffusionModel model, Device device)
{
    public const string Sample = "unet/sample";
    public const string Timesteps = "unet/timesteps";
    public const string Noise = "unet/noise";

    private const string ClassLabels = "unet/class_labels";

    /// <summary>Conditions by the names of diffusers' arguments, each with what the run made of its prompts.</summary>
    private static readonly (string Name, string[] FromText)[] ConditionNames =
    [
        ("encoder_hidden_states", ["text/prompt_embeds", "text/last_hidden_state"]),
        ("text_embeds", ["text/pooled_prompt_embeds"]),
        ("time_ids", []),
    ];

    private const string TimeIds = "unet/time_ids";

    /// <summary>The tokens that each text encoder was given.</summary>
    private static readonly string[] TokenIds = ["text/input_ids", "text/input_ids_2"];

    private static readonly HashSet<string> Known =
    [
        Sample,
        Timesteps,
        Noise,
        ClassLabels,
        .. ConditionNames.Select(condition => $"unet/{condition.Name}"),
        .. TokenIds,
        "vae/image",
        "vae/noise",
        "train/x0",
        "train/noise",
        "train/indices",
        "train/timesteps",
    ];

    private ImageShape Shape => model.SampleShape;

    /// <summary>Whether a name is that of an input, which nothing is compared with.</summary>
    public static bool IsInput(string name) => Known.Contains(name);

    /// <summary>Refuses inputs that are not this model's.</summary>
    public void Check()
    {
        if (set.Find(Sample) is not { } sample)
            return;
        var count = sample.Shape.Count > 0 ? sample.Shape[0] : 0;
        if (count == 0)
            throw sample.Wrong("holds no samples");
        foreach (var name in (string[])[Sample, Noise])
            set.Find(name)?.Expect(Batch(count));
        foreach (var name in (string[])[Timesteps, ClassLabels])
            CheckNumbers(set.Find(name), count);
        if (set.Find(Timesteps) is { } timesteps)
            CheckTimesteps(timesteps);
        if (model is not IConditioned && set.Find(ClassLabels) is { } labels)
            throw labels.Wrong($"holds '{labels.StoredName}', but the model is unconditional");
    }

    /// <summary>Which of some names the files lack, as a reason; null if none.</summary>
    public string? Lacking(params IEnumerable<string> names)
    {
        var lacking = names
            .Where(name => !set.Has(name))
            .Select(name => name.Replace("unet/", "", StringComparison.Ordinal))
            .ToList();
        return lacking.Count == 0 ? null : $"without {string.Join(" and ", lacking)} in the files";
    }

    /// <summary>Why the network's inputs are not complete; null if they are.</summary>
    public string? NetworkLacks(GoldenVariant variant)
    {
        if (Lacking(Sample, Timesteps) is { } lacking)
            return lacking;
        return model is not IConditioned conditioned ? null
            : conditioned.Kind == ConditionKind.ClassLabel ? Lacking(ClassLabels)
            : variant.FromText ? (Embeddings(variant).Any() ? null : "without the embeddings of its prompts")
            : Lacking($"unet/{ConditionNames[0].Name}");
    }

    /// <summary>Shape of a batch of as many samples as the run has.</summary>
    public long[] Batch() => Batch(set.Find(Sample)!.Shape[0]);

    /// <summary>A tensor of numbers on the model's device, in the caller's dispose scope.</summary>
    public Tensor Floats(string name) => set.Read(name, ScalarType.Float32).to(device);

    /// <summary>A tensor of whole numbers on the model's device, in the caller's dispose scope.</summary>
    public Tensor Longs(string name) => set.Read(name, ScalarType.Int64).to(device);

    /// <summary>All inputs that are there, each in its own type of number, on the model's device.</summary>
    public IReadOnlyDictionary<string, Tensor> All() =>
        set
            .Tensors.Where(tensor => IsInput(tensor.Name))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Read(tensor.Type).to(device));

    /// <summary>
    /// The conditions of all samples, in the caller's dispose scope; null for an unconditional model.
    /// </summary>
    public ConditionTensors? Conditions(GoldenVariant variant)
    {
        if (model is not IConditioned conditioned)
            return null;
        if (conditioned.Kind == ConditionKind.ClassLabel)
        {
            using var labels = set.Read(ClassLabels, ScalarType.Int64);
            return conditioned.EncodeConditions([
                .. labels.data<long>().Select(label => new Condition((int)label, null)),
            ]);
        }

        var rows = set.Find(Sample)!.Shape[0];
        var embeddings = variant.FromText ? Embeddings(variant).ToDictionary() : [];
        return new(
            ConditionNames
                .Select(condition =>
                    (condition.Name, Stored: embeddings.GetValueOrDefault(condition.Name, $"unet/{condition.Name}"))
                )
                .Where(condition => set.Has(condition.Stored))
                .Select(condition => (condition.Name, Floats(condition.Stored).narrow(0, 0, rows)))
        );
    }

    /// <summary>Why the prompts' tokens are not complete; null if they are.</summary>
    public string? PromptsLack() => Lacking([Sample, Timesteps, TokenIds[0]]);

    /// <summary>The tokens of the prompts of all samples, in the caller's dispose scope.</summary>
    public ConditionTensors Prompts()
    {
        var rows = set.Find(Sample)!.Shape[0];
        var tokens = TokenIds.Where(set.Has).Select(name => (name["text/".Length..], Longs(name).narrow(0, 0, rows)));
        var timeIds = set.Has(TimeIds) ? [("time_ids", Floats(TimeIds))] : Array.Empty<(string, Tensor)>();
        return new([.. tokens, .. timeIds]);
    }

    // A run that embeds more prompts than it has samples pairs the first ones with them.
    private IEnumerable<KeyValuePair<string, string>> Embeddings(GoldenVariant variant)
    {
        var suffix = variant.WithLora ? "_lora" : "";
        foreach (var (name, fromText) in ConditionNames)
        {
            if (fromText.Select(text => text + suffix).FirstOrDefault(set.Has) is { } stored)
                yield return new(name, stored);
        }
    }

    private long[] Batch(long count) => [count, Shape.Channels, Shape.Height, Shape.Width];

    private static void CheckNumbers(GoldenTensor? numbers, long count)
    {
        if (numbers is null)
            return;
        numbers.Expect(count);
        if (numbers.Type is not (ScalarType.Int64 or ScalarType.Int32))
            throw numbers.Wrong($"holds '{numbers.StoredName}' as {numbers.Type}, not as whole numbers");
    }

    private void CheckTimesteps(GoldenTensor timesteps)
    {
        var last = model.Process.TrainTimesteps - 1;
        using var values = timesteps.Read(ScalarType.Int64);
        if (values.min().item<long>() < 0 || values.max().item<long>() > last)
            throw timesteps.Wrong($"holds timesteps outside the model's 0 to {last}");
    }
}
