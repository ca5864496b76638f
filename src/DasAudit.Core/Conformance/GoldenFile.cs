using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Gradients;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Inputs and what another implementation made of them.</summary>
internal sealed class GoldenFile : IDisposable
{
    /// <summary>How far an output may be off, relative to the expected outputs' root mean square (at least 1).</summary>
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

    /// <exception cref="AuditException">The file cannot be read, or lacks inputs or expectations.</exception>
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
            if (!golden.Has("noise") && golden.Gradients().Any(gradient => gradient.Kind == "grad_mse"))
                throw golden.Wrong("holds grad_mse but not the 'noise' it was taken against");
            return golden;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="AuditException">Shapes, labels or timesteps do not fit the model.</exception>
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
        using (var timesteps = Longs("timesteps"))
        {
            if (timesteps.min().item<long>() < 0 || timesteps.max().item<long>() >= model.Schedule.TrainTimesteps)
                throw Wrong($"holds timesteps outside the model's 0 to {model.Schedule.TrainTimesteps - 1}");
        }
        if (
            model is IConditioned conditioned
                ? conditioned.NeedsClassLabel && !Has("class_labels")
                : Has("class_labels")
        )
            throw Wrong(
                model is IConditioned
                    ? "lacks the 'class_labels' that the model needs"
                    : "holds 'class_labels', but the model is unconditional"
            );
        var parameters = model.Network.parameters().Sum(parameter => parameter.NumberOfElements);
        foreach (var gradient in Gradients())
            Expect(gradient.Name, [count, (parameters + gradient.Stride - 1) / gradient.Stride]);
    }

    internal IEnumerable<(string Name, Func<AdapterCheckResult> Check)> Checks(IDiffusionModel model, Device device)
    {
        if (Has("output"))
            yield return ("golden-output", () => Output(model, device));
        foreach (var gradient in Gradients())
        {
            var name = $"golden-{gradient.Kind.Replace('_', '-')}";
            yield return (name, () => Gradient(name, gradient.Kind, gradient.Name, gradient.Stride, model, device));
        }
    }

    public void Dispose() => _file.Dispose();

    private AdapterCheckResult Output(IDiffusionModel model, Device device)
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

    private AdapterCheckResult Gradient(
        string check,
        string kind,
        string tensor,
        int stride,
        IDiffusionModel model,
        Device device
    )
    {
        var expected = _file.Read(tensor, ScalarType.Float32);
        var parameters = AttributedParameters.Select(model.Network, null).Tensors;
        var (sample, timesteps, condition) = (Sample(device), Longs("timesteps").to(device), Condition(model, device));
        var worst = default(Difference);
        for (var row = 0; row < expected.shape[0]; row++)
        {
            using var scope = NewDisposeScope();
            var output = model.Predict(
                sample.narrow(0, row, 1),
                timesteps.narrow(0, row, 1),
                condition?.narrow(0, row, 1)
            );
            if (!output.requires_grad)
                return new(check, false, "the prediction is not differentiable in the network's parameters");
            var scalar =
                kind == "grad_mse"
                    ? (output - _file.Read("noise", ScalarType.Float32).to(device).narrow(0, row, 1)).square().mean()
                    : output.mean();
            var gradients = autograd.grad([scalar], [.. parameters], allow_unused: true);
            var flat = cat([
                .. gradients.Select(
                    (gradient, i) =>
                        gradient is null || gradient.IsInvalid
                            ? zeros_like(parameters[i]).flatten()
                            : gradient.flatten()
                ),
            ]);
            worst = worst.Worst(Difference.Between(flat.slice(0, 0, flat.shape[0], stride), expected[row]));
        }
        return worst.Result(
            check,
            worst.RelL2 <= GradientTolerance,
            $"the worst row differs by {worst.RelL2:E1} in relative L2 ({GradientTolerance:E1} allowed)"
        );
    }

    private Tensor? Condition(IDiffusionModel model, Device device)
    {
        if (Has("encoder_hidden_states"))
            return _file.Read("encoder_hidden_states", ScalarType.Float32).to(device);
        if (model is not IConditioned conditioned || !Has("class_labels"))
            return null;
        using var labels = Longs("class_labels");
        return conditioned.EncodeConditions([.. labels.data<long>().Select(label => new Condition((int)label, null))]);
    }

    /// <summary>The gradients in the file: kind, full name, and how many elements apart the stored ones are.</summary>
    private IEnumerable<(string Kind, string Name, int Stride)> Gradients()
    {
        foreach (var kind in GradientNames)
        {
            foreach (var name in _file.Names.Order(StringComparer.Ordinal))
            {
                if (name == kind)
                    yield return (kind, name, 1);
                else if (
                    name.StartsWith($"{kind}_stride", StringComparison.Ordinal)
                    && int.TryParse(
                        name.AsSpan(kind.Length + 7),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var stride
                    )
                    && stride > 0
                )
                    yield return (kind, name, stride);
            }
        }
    }

    private Tensor Sample(Device device) => _file.Read("sample", ScalarType.Float32).to(device);

    private Tensor Longs(string name) => _file.Read(name, ScalarType.Int64);

    private bool Has(string name) => _file.TryGet(name, out _);

    private void Expect(string name, long[] shape)
    {
        if (!_file.Get(name).Shape.SequenceEqual(shape))
            throw Wrong(
                $"holds '{name}' with shape [{string.Join(", ", _file.Get(name).Shape)}] where the model asks for [{string.Join(", ", shape)}]"
            );
    }

    private AuditException Wrong(string what) =>
        new($"The golden file '{_path}' {what}; give one that was made from this checkpoint.");
}
