using System.Globalization;
using System.Text.Json;
using DasAudit.Safetensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// What training changes, each part one flat vector over the trained parameters: weights, their moving average, and
/// AdamW's two moments. It is saved and resumed as one safetensors file.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly Parameter _weights;
    private readonly Tensor _average;
    private readonly AdamW _optimizer;

    public TrainingState(IDiffusionModel model, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Layout = new(model);
        var weights = Layout.Zeros();
        foreach (var ((_, view), (_, parameter)) in Layout.Views(weights).Zip(TrainedParameters.Of(model)))
            view.copy_(parameter);
        _weights = new Parameter(weights.DetachFromDisposeScope(), requires_grad: true);
        _average = _weights.detach().clone().DetachFromDisposeScope();
        _optimizer = optim.AdamW(
            [_weights],
            options.LearningRate,
            0.9,
            options.Beta2,
            weight_decay: options.WeightDecay
        );
    }

    /// <summary>Where parameters lie in the flat vectors.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The current weights, which every step changes in place; flat, owned by the state.</summary>
    public Tensor Weights => _weights;

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    private IReadOnlyList<(string Name, Tensor Flat)> Parts =>
        [
            ("weights", _weights),
            ("average", _average),
            ("exp_avg", Moments.exp_avg),
            ("exp_avg_sq", Moments.exp_avg_sq),
        ];

    private AdamW.State Moments => (AdamW.State)_optimizer.state_dict().State.Single();

    /// <summary>One AdamW step; clips the flat gradient in place.</summary>
    /// <returns>Its norm before clipping, float64 []; the caller disposes it.</returns>
    public Tensor Advance(Tensor gradient, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norm = gradient.to_type(float64).square().sum().sqrt();
        Clip(gradient, norm, options.GradientClip);
        _weights.grad = gradient;
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = options.LearningRateAt(Step);
        _optimizer.step();
        var decay = AverageDecay(Step, options);
        _average.mul_(decay).add_(_weights, alpha: 1 - decay);
        Step++;
        return norm.MoveToOuterDisposeScope();
    }

    public void CopyAverageTo(IDiffusionModel model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var ((_, parameter), (_, view)) in TrainedParameters.Of(model).Zip(Layout.Views(_average)))
            parameter.copy_(view);
    }

    /// <summary>d of the moving average a ← d·a + (1 − d)·θ after a step.</summary>
    public static double AverageDecay(int step, TrainingOptions options) =>
        // A shorter memory in the beginning lets the average leave the first weights quickly.
        Math.Min(options.EmaDecay, (1.0 + step) / (10.0 + step));

    /// <summary>Copies of all that training changes.</summary>
    public TrainingVectors Copy()
    {
        using var noGradient = no_grad();
        return new(
            Step,
            Detached(_weights),
            Detached(_average),
            Detached(Moments.exp_avg),
            Detached(Moments.exp_avg_sq)
        );

        Tensor Detached(Tensor flat) => Layout.ToRowMajor(flat).DetachFromDisposeScope();
    }

    /// <summary>Goes on from what <see cref="Copy"/> gave.</summary>
    public void Put(TrainingVectors vectors)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Layout.FromRowMajor(vectors.Weights, _weights);
        Layout.FromRowMajor(vectors.Average, _average);
        Layout.FromRowMajor(vectors.FirstMoments, Moments.exp_avg);
        Layout.FromRowMajor(vectors.SecondMoments, Moments.exp_avg_sq);
        Step = vectors.Step;
        Moments.step = Step;
    }

    /// <summary>Writes the optimiser's second moments, v/(1 − β₂^step), a tensor for each trained parameter.</summary>
    public void SaveSecondMoments(string path, double beta2)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var moments = Moments.exp_avg_sq / (1 - Math.Pow(beta2, Step));
        SafetensorsWriter.Write(path, Layout.Views(moments).Select(place => (place.Name, place.View.contiguous())));
    }

    /// <summary>Writes the state atomically.</summary>
    public void Save(string path, string settings)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        SafetensorsWriter.Write(
            path,
            Parts.Select(part => (part.Name, Layout.ToRowMajor(part.Flat))),
            new Dictionary<string, string>
            {
                ["step"] = Step.ToString(CultureInfo.InvariantCulture),
                ["settings"] = settings,
            }
        );
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(string path, string settings)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("settings", out var saved) || !file.Metadata.TryGetValue("step", out var step))
            throw new AuditException($"'{path}' is no training state; remove it or choose another output folder.");
        var differing = Differences(saved, settings);
        if (differing.Count > 0)
            throw new AuditException(
                $"The unfinished training in '{Path.GetDirectoryName(path)}' was started with another "
                    + $"{string.Join(" and ", differing)}; give the same settings, or choose another output folder."
            );
        Read(file, step);
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote, for whatever settings.</summary>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("step", out var step))
            throw new AuditException($"'{path}' is no training state; remove it, or train again.");
        Read(file, step);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _weights.Dispose();
        _average.Dispose();
    }

    private static void Clip(Tensor gradient, Tensor norm, double most)
    {
        if (gradient.device_type != DeviceType.CPU)
        {
            // Nothing is read: the processor would wait for the device.
            gradient.mul_((most / norm).clamp_max(1).to_type(gradient.dtype));
            return;
        }
        var length = norm.item<double>();
        if (length > most)
            gradient.mul_(most / length);
    }

    private void Read(SafetensorsFile file, string step)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, flat) in Parts)
            Layout.FromRowMajor(file.Read(name), flat);
        Step = int.Parse(step, CultureInfo.InvariantCulture);
        Moments.step = Step;
    }

    // A setting that is missing was not there yet, and is as good as one that says nothing.
    private static List<string> Differences(string saved, string settings)
    {
        var before = Parse(saved);
        var now = Parse(settings);
        var names = now.Keys.Union(before.Keys);
        return [.. names.Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name))];

        static Dictionary<string, string> Parse(string json) =>
            (JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? [])
                .Where(pair => pair.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(pair => pair.Key, pair => pair.Value.GetRawText());
    }
}
