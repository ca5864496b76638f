using DasAudit.Abstractions;
using DasAudit.Core.Gradients;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>What attribution relies on in every model, checked without knowing what it should predict.</summary>
internal static class ModelChecks
{
    /// <summary>How far a sample's prediction may depend on the samples beside it, relative to the largest prediction (at least 1).</summary>
    internal const double BatchTolerance = 1e-5;

    internal static IEnumerable<(string Name, Func<AdapterCheckResult> Check)> All(
        ModelProbe probe,
        Func<IDiffusionModel> load
    ) =>
        [
            ("files", () => Files(probe.Model)),
            ("evaluation-mode", () => EvaluationMode(probe.Model)),
            ("weights-finite", () => WeightsFinite(probe.Model)),
            ("conditions", () => Conditions(probe)),
            ("encode-decode", () => EncodeDecode(probe)),
            ("prediction", () => Prediction(probe)),
            ("deterministic", () => Deterministic(probe)),
            ("batch-independent", () => BatchIndependent(probe)),
            ("gradients", () => Gradients(probe)),
            ("independent-copies", () => IndependentCopies(probe, load)),
        ];

    private static AdapterCheckResult Files(IDiffusionModel model)
    {
        var wrong = model.Files.Where(file => !Path.IsPathFullyQualified(file) || !File.Exists(file)).ToArray();
        return new(
            "files",
            wrong.Length == 0 && model.Files.Count > 0,
            wrong.Length > 0 ? $"no absolute path of an existing file: {string.Join(", ", wrong)}"
                : model.Files.Count > 0 ? $"{model.Files.Count} files decide the predictions"
                : "Files is empty: the report could not say which weights were used"
        );
    }

    private static AdapterCheckResult EvaluationMode(IDiffusionModel model) =>
        new(
            "evaluation-mode",
            !model.Network.training,
            model.Network.training ? "the network is in training mode" : "the network is in evaluation mode"
        );

    private static AdapterCheckResult WeightsFinite(IDiffusionModel model)
    {
        var bad = model
            .Network.named_parameters()
            .Where(entry => !Finite(entry.parameter))
            .Select(entry => entry.name)
            .ToArray();
        return new(
            "weights-finite",
            bad.Length == 0,
            bad.Length == 0 ? "every weight is finite" : $"not finite: {Listed(bad)}"
        );
    }

    private static AdapterCheckResult Conditions(ModelProbe probe)
    {
        if (probe.Condition() is not { } condition)
            return new("conditions", true, "the model is unconditional");
        return new(
            "conditions",
            condition.dim() > 0 && condition.shape[0] == 3,
            $"3 conditions are encoded as {Shape(condition)}"
        );
    }

    private static AdapterCheckResult EncodeDecode(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var (picture, sample) = (probe.Model.PictureShape, probe.Model.SampleShape);
        var encoded = probe.Model.Encode(probe.Noise(picture, 1).tanh());
        if (!IsBatch(encoded, sample))
            return new(
                "encode-decode",
                false,
                $"pictures {picture} are encoded as {Shape(encoded)}, not float32 {sample}"
            );
        var decoded = probe.Model.Decode(encoded);
        if (!IsBatch(decoded, picture))
            return new(
                "encode-decode",
                false,
                $"samples {sample} are decoded as {Shape(decoded)}, not float32 {picture}"
            );
        return Finite(encoded) && Finite(decoded)
            ? new("encode-decode", true, $"pictures {picture}, samples {sample}")
            : new("encode-decode", false, "encoded or decoded values are not finite");
    }

    private static AdapterCheckResult Prediction(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var output = probe.Predict();
        if (!IsBatch(output, probe.Model.SampleShape))
            return new("prediction", false, $"it is {Shape(output)}, not float32 {probe.Model.SampleShape}");
        return new(
            "prediction",
            Finite(output),
            Finite(output)
                ? $"finite, standard deviation {output.std().item<float>():G3}"
                : "it holds values that are not finite"
        );
    }

    private static AdapterCheckResult Deterministic(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var difference = Difference.Between(probe.Predict(), probe.Predict());
        return difference.Result(
            "deterministic",
            difference.MaxAbs == 0,
            difference.MaxAbs == 0
                ? "two predictions are equal bit for bit"
                : "two predictions of the same input differ"
        );
    }

    private static AdapterCheckResult BatchIndependent(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var together = probe.Predict();
        var alone = cat([probe.PredictOne(0), probe.PredictOne(1), probe.PredictOne(2)]);
        var difference = Difference.Between(together, alone);
        var allowed = BatchTolerance * Math.Max(1, alone.abs().max().to(ScalarType.Float64).item<double>());
        return difference.Result(
            "batch-independent",
            difference.MaxAbs <= allowed,
            $"a sample alone and in a batch differ by {difference.MaxAbs:E1} ({allowed:E1} allowed)"
        );
    }

    private static AdapterCheckResult Gradients(ModelProbe probe)
    {
        if (!probe.Model.Network.parameters().Any())
            return new("gradients", false, "the network has no parameters");
        var parameters = AttributedParameters.Select(probe.Model.Network, null);
        var output = probe.Predict();
        // Asking libtorch for gradients of something that has none would end the process.
        if (!output.requires_grad)
            return new("gradients", false, "the prediction is not differentiable in the network's parameters");
        var gradients = autograd.grad(
            [(output * probe.Noise(probe.Model.SampleShape, 2)).sum()],
            [.. parameters.Tensors],
            allow_unused: true
        );

        var pairs = parameters.Names.Zip(gradients, (name, gradient) => (Name: name, Gradient: gradient)).ToArray();
        var reached = pairs.Where(pair => pair.Gradient is not null && !pair.Gradient.IsInvalid).ToArray();
        var unreached = pairs.Except(reached).Select(pair => pair.Name).ToArray();
        var wild = reached.Where(pair => !Finite(pair.Gradient)).Select(pair => pair.Name).ToArray();
        var zero = reached
            .Where(pair => pair.Gradient.count_nonzero().item<long>() == 0)
            .Select(pair => pair.Name)
            .ToArray();

        var notes = new[] { ("never reached", unreached), ("not finite", wild), ("zero here", zero) }
            .Where(note => note.Item2.Length > 0)
            .Select(note => $"{note.Item1}: {Listed(note.Item2)}")
            .ToArray();
        return new(
            "gradients",
            unreached.Length + wild.Length == 0,
            notes.Length == 0 ? $"all {pairs.Length} parameters get one" : string.Join("; ", notes)
        );
    }

    private static AdapterCheckResult IndependentCopies(ModelProbe probe, Func<IDiffusionModel> load)
    {
        using var noGradient = no_grad();
        using var other = load();
        var (mine, theirs) = (
            probe.Model.Network.named_parameters().ToArray(),
            other.Network.named_parameters().ToArray()
        );
        if (!mine.Select(entry => entry.name).SequenceEqual(theirs.Select(entry => entry.name)))
            return new("independent-copies", false, "two loads name their parameters differently");
        var different = mine.Zip(theirs)
            .Where(pair => !Equal(pair.First.parameter, pair.Second.parameter))
            .Select(pair => pair.First.name)
            .ToArray();
        if (different.Length > 0)
            return new("independent-copies", false, $"two loads have different weights: {Listed(different)}");
        var before = probe.Predict();
        if (!Equal(before, probe.Predict(other)))
            return new("independent-copies", false, "two loads predict differently");
        foreach (var (_, parameter) in theirs)
            parameter.add_(1);
        return Equal(before, probe.Predict())
            ? new("independent-copies", true, "two loads are equal and share nothing")
            : new("independent-copies", false, "changing one load's weights changes the other's predictions");
    }

    private static bool IsBatch(Tensor tensor, ImageShape shape) =>
        tensor.dtype == ScalarType.Float32
        && tensor.shape.SequenceEqual([3, shape.Channels, shape.Height, shape.Width]);

    private static bool Finite(Tensor tensor) => tensor.isfinite().all().item<bool>();

    private static bool Equal(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.eq(b).all().item<bool>();

    private static string Shape(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(20)) + (names.Length > 20 ? $" and {names.Length - 20} more" : "");
}
