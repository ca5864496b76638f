using DasAudit.Core.Gradients;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Inputs and what another implementation made of them.</summary>
internal sealed class GoldenFile : IDisposable
{
    /// <summary>How far an output may be off, relative to the expected root mean square (at least 1).</summary>
    internal const double OutputTolerance = 1e-4;

    /// <summary>How far each row of gradients may be off in relative L2 norm.</summary>
    internal const double GradientTolerance = 1e-4;

    private static readonly string[] GradientNames = ["grad_output_mean", "grad_mse"];
    private static readonly string[] PictureNames = ["sample", "output", "noise"];
    private static readonly string[] IntegerNames = ["timesteps", "class_labels"];

    private readonly SafetensorsFile _file;
    private readonly string _path;

    private GoldenFile(string path, SafetensorsFile file)
    {
        _path = path;
        _file = file;
    }

    internal static GoldenFile Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        var golden = new GoldenFile(path, file);
        try
        {
            foreach (var name in new[] { "sample", "timesteps" })
                if (!golden.Has(name))
                    throw golden.Wrong($"lacks the tensor '{name}'");

            if (!golden.Has("output") && !golden.Gradients().Any())
                throw golden.Wrong("holds none of output, grad_output_mean and grad_mse");
            if (!golden.Has("noise") && golden.Gradients().Any(gradient => gradient.NeedsNoise))
                throw golden.Wrong("holds grad_mse but not the 'noise' it was taken against");
            return golden;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal void CheckAgainst(IDiffusionModel model)
    {
        var sample = _file.Get("sample").Shape;
        var count = sample.Count > 0 ? sample[0] : 0;
        long[] shape = [count, model.SampleShape.Channels, model.SampleShape.Height, model.SampleShape.Width];
        if (count == 0)
            throw Wrong("holds no samples");
        foreach (var name in PictureNames.Where(Has))
            Expect(name, shape);
        foreach (var name in IntegerNames.Where(Has))
        {
            Expect(name, [count]);
            if (_file.Get(name).Type is not (ScalarType.Int64 or ScalarType.Int32))
                throw Wrong($"holds '{name}' as {_file.Get(name).Type}, not as whole numbers");
        }
        CheckTimesteps(model.Process.TrainTimesteps);
        CheckLabels(model as IConditioned);
        var parameters = model.Network.parameters().Sum(parameter => parameter.NumberOfElements);
        foreach (var gradient in Gradients())
            Expect(gradient.Name, [count, (parameters + gradient.Stride - 1) / gradient.Stride]);
    }

    internal IEnumerable<(string Name, Func<AdapterCheckResult> Check)> Checks(IDiffusionModel model, Device device)
    {
        if (Has("output"))
            yield return ("golden-output", () => CheckOutput(model, device));
        foreach (var gradient in Gradients())
            yield return (gradient.CheckName, () => CheckGradient(gradient, model, device));
    }

    public void Dispose() => _file.Dispose();

    private void CheckTimesteps(int trainTimesteps)
    {
        using var timesteps = Longs("timesteps");
        if (timesteps.min().item<long>() < 0 || timesteps.max().item<long>() >= trainTimesteps)
            throw Wrong($"holds timesteps outside the model's 0 to {trainTimesteps - 1}");
    }

    private void CheckLabels(IConditioned? conditioned)
    {
        if (conditioned is null && Has("class_labels"))
            throw Wrong("holds 'class_labels', but the model is unconditional");
        if (conditioned is not null && conditioned.Kind == ConditionKind.ClassLabel && !Has("class_labels"))
            throw Wrong("lacks the 'class_labels' that the model needs");
    }

    private AdapterCheckResult CheckOutput(IDiffusionModel model, Device device)
    {
        using var noGradient = no_grad();
        var expected = _file.Read("output", ScalarType.Float32);
        var actual = model.Predict(Sample(device), Longs("timesteps").to(device), Condition(model, device));
        var difference = Difference.Between(actual, expected);
        var allowed = OutputTolerance * Math.Max(1, expected.square().mean().sqrt().item<float>());
        return difference.Result(
            "golden-output",
            difference.MaxAbs <= allowed,
            $"outputs differ by {difference.MaxAbs:E1} ({allowed:E1} allowed)"
        );
    }

    private AdapterCheckResult CheckGradient(GoldenGradient golden, IDiffusionModel model, Device device)
    {
        var expected = _file.Read(golden.Name, ScalarType.Float32);
        var noise = golden.NeedsNoise ? _file.Read("noise", ScalarType.Float32).to(device) : null;
        var parameters = AttributedParameters.Select(model, null).Tensors;
        var sample = Sample(device);
        var timesteps = Longs("timesteps").to(device);
        var condition = Condition(model, device);
        var worst = default(Difference);
        for (var row = 0; row < expected.shape[0]; row++)
        {
            using var scope = NewDisposeScope();
            var output = model.Predict(
                sample.narrow(0, row, 1),
                timesteps.narrow(0, row, 1),
                condition?.Select(tensor => tensor.narrow(0, row, 1))
            );
            if (!output.requires_grad)
                return new(golden.CheckName, false, "the prediction is not differentiable in the network's parameters");
            var scalar = noise is null ? output.mean() : (output - noise.narrow(0, row, 1)).square().mean();
            var gradients = autograd.grad([scalar], [.. parameters], allow_unused: true);
            var flat = cat([.. gradients.Zip(parameters, FlatOrZero)]);
            worst = worst.Worst(Difference.Between(flat.slice(0, 0, flat.shape[0], golden.Stride), expected[row]));
        }

        return worst.Result(
            golden.CheckName,
            worst.RelL2 <= GradientTolerance,
            $"the worst row differs by {worst.RelL2:E1} in relative L2 ({GradientTolerance:E1} allowed)"
        );
    }

    private static Tensor FlatOrZero(Tensor? gradient, Tensor parameter) =>
        gradient is null || gradient.IsInvalid ? zeros_like(parameter).flatten() : gradient.flatten();

    private ConditionTensors? Condition(IDiffusionModel model, Device device)
    {
        if (Has("encoder_hidden_states"))
            return new(("encoder_hidden_states", _file.Read("encoder_hidden_states", ScalarType.Float32).to(device)));
        if (model is not IConditioned conditioned || !Has("class_labels"))
            return null;
        using var labels = Longs("class_labels");
        return conditioned.EncodeConditions([.. labels.data<long>().Select(label => new Condition((int)label, null))]);
    }

    private IEnumerable<GoldenGradient> Gradients() =>
        GradientNames.SelectMany(kind =>
            _file
                .Names.Order(StringComparer.Ordinal)
                .Select(name => GoldenGradient.Of(kind, name))
                .OfType<GoldenGradient>()
        );

    private Tensor Sample(Device device) => _file.Read("sample", ScalarType.Float32).to(device);

    private Tensor Longs(string name) => _file.Read(name, ScalarType.Int64);

    private bool Has(string name) => _file.TryGet(name, out _);

    private void Expect(string name, long[] expected)
    {
        var shape = _file.Get(name).Shape;
        if (!shape.SequenceEqual(expected))
            throw Wrong(
                $"holds '{name}' with shape [{string.Join(", ", shape)}] "
                    + $"where the model asks for [{string.Join(", ", expected)}]"
            );
    }

    private AuditException Wrong(string what) =>
        new($"The golden file '{_path}' {what}; give one that was made from this checkpoint.");
}
