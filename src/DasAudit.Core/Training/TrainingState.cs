using System.Globalization;
using System.Text.Json;
using DasAudit.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// What training changes, each part one flat vector over the trained parameters in the network's order: weights, their
/// moving average, and AdamW's two moments. It is saved and resumed as one safetensors file.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly Parameter _weights;
    private readonly Tensor _average;
    private readonly AdamW _optimizer;

    public TrainingState(IDiffusionModel model, TrainingOptions options)
    {
        using var noGradient = no_grad();
        var parameters = TrainedParameters.Of(model).Select(trained => trained.Tensor.flatten());
        _weights = new Parameter(cat([.. parameters]), requires_grad: true);
        _average = _weights.detach().clone();
        _optimizer = optim.AdamW(
            [_weights],
            options.LearningRate,
            0.9,
            options.Beta2,
            weight_decay: options.WeightDecay
        );
    }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    private AdamW.State Moments => (AdamW.State)_optimizer.state_dict().State.Single();

    /// <summary>One AdamW step; clips the flat gradient in place and returns its norm before clipping.</summary>
    public double Advance(Tensor gradient, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norm = gradient.to_type(float64).square().sum().sqrt().item<double>();
        if (norm > options.GradientClip)
            gradient.mul_(options.GradientClip / norm);

        _weights.grad = gradient;
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = options.LearningRateAt(Step);
        _optimizer.step();
        var decay = AverageDecay(Step, options);
        _average.mul_(decay).add_(_weights, alpha: 1 - decay);
        Step++;
        return norm;
    }

    /// <summary>d of the moving average a ← d·a + (1 − d)·θ after a step.</summary>
    public static double AverageDecay(int step, TrainingOptions options) =>
        // A shorter memory in the beginning lets the average leave the first weights quickly.
        Math.Min(options.EmaDecay, (1.0 + step) / (10.0 + step));

    public void CopyWeightsTo(IDiffusionModel model) => TrainedParameters.Copy(_weights, model);

    public void CopyAverageTo(IDiffusionModel model) => TrainedParameters.Copy(_average, model);

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

        static Tensor Detached(Tensor vector) => vector.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>Goes on from what <see cref="Copy"/> gave.</summary>
    public void Put(TrainingVectors vectors)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var moments = Moments;
        _weights.copy_(vectors.Weights);
        _average.copy_(vectors.Average);
        moments.exp_avg.copy_(vectors.FirstMoments);
        moments.exp_avg_sq.copy_(vectors.SecondMoments);
        Step = vectors.Step;
        moments.step = Step;
    }

    /// <summary>Writes the optimiser's second moments, v/(1 − β₂^step), a tensor for each trained parameter.</summary>
    public void SaveSecondMoments(IDiffusionModel model, string path, double beta2)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var moments = Moments.exp_avg_sq / (1 - Math.Pow(beta2, Step));
        var tensors = new List<(string, Tensor)>();
        long offset = 0;
        foreach (var (name, parameter) in TrainedParameters.Of(model))
        {
            tensors.Add((name, moments.narrow(0, offset, parameter.numel()).view(parameter.shape).clone()));
            offset += parameter.numel();
        }

        SafetensorsWriter.Write(path, tensors);
    }

    /// <summary>Writes the state atomically.</summary>
    public void Save(string path, string settings) =>
        SafetensorsWriter.Write(
            path,
            [
                ("weights", _weights),
                ("average", _average),
                ("exp_avg", Moments.exp_avg),
                ("exp_avg_sq", Moments.exp_avg_sq),
            ],
            new Dictionary<string, string>
            {
                ["step"] = Step.ToString(CultureInfo.InvariantCulture),
                ["settings"] = settings,
            }
        );

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

    private void Read(SafetensorsFile file, string step)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        file.CopyTo("weights", _weights);
        file.CopyTo("average", _average);
        // AdamW makes its state at the first step; a saved one is put in its place.
        var moments = Moments;
        file.CopyTo("exp_avg", moments.exp_avg);
        file.CopyTo("exp_avg_sq", moments.exp_avg_sq);
        Step = int.Parse(step, CultureInfo.InvariantCulture);
        moments.step = Step;
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
