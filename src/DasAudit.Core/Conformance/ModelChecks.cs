using DasAudit.Core.Gradients;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>What attribution relies on in every model, checked without knowing what it should predict.</summary>
internal static class ModelChecks
{
    /// <summary>How far a prediction may depend on others in its batch, relative to the largest (at least 1).</summary>
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
        if (model.Files.Count == 0)
            return new("files", false, "Files is empty: the report could not say which weights were used");
        var missing = model.Files.Where(file => !Path.IsPathFullyQualified(file) || !File.Exists(file)).ToArray();
        return missing.Length == 0
            ? new("files", true, $"{model.Files.Count} files decide the predictions")
            : new("files", false, $"no absolute path of an existing file: {string.Join(", ", missing)}");
    }

    private static AdapterCheckResult EvaluationMode(IDiffusionModel model) =>
        new(
            "evaluation-mode",
            !model.Network.training,
            model.Network.training ? "the network is in training mode" : "the network is in evaluation mode"
        );

    private static AdapterCheckResult WeightsFinite(IDiffusionModel model)
    {
        var notFinite = model
            .Network.named_parameters()
            .Where(entry => !entry.parameter.IsFinite())
            .Select(entry => entry.name)
            .ToArray();
        return notFinite.Length == 0
            ? new("weights-finite", true, "every weight is finite")
            : new("weights-finite", false, $"not finite: {Listed(notFinite)}");
    }

    private static AdapterCheckResult Conditions(ModelProbe probe)
    {
        if (probe.Condition() is not { } condition)
            return new("conditions", true, "the model is unconditional");
        var tensors = condition.Names.Select(name => $"{name} {Shape(condition[name])}");
        return new("conditions", condition.Rows == 3, $"3 conditions are encoded as {string.Join(", ", tensors)}");
    }

    private static AdapterCheckResult EncodeDecode(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var pictureShape = probe.Model.PictureShape;
        var sampleShape = probe.Model.SampleShape;
        var encoded = probe.Model.Encode(probe.Noise(pictureShape, 1).tanh());
        if (!IsBatch(encoded, sampleShape))
            return Failed($"pictures {pictureShape} are encoded as {Shape(encoded)}, not float32 {sampleShape}");
        var decoded = probe.Model.Decode(encoded);
        if (!IsBatch(decoded, pictureShape))
            return Failed($"samples {sampleShape} are decoded as {Shape(decoded)}, not float32 {pictureShape}");
        return encoded.IsFinite() && decoded.IsFinite()
            ? new("encode-decode", true, $"pictures {pictureShape}, samples {sampleShape}")
            : Failed("encoded or decoded values are not finite");

        static AdapterCheckResult Failed(string detail) => new("encode-decode", false, detail);
    }

    private static AdapterCheckResult Prediction(ModelProbe probe)
    {
        using var noGradient = no_grad();
        var output = probe.Predict();
        if (!IsBatch(output, probe.Model.SampleShape))
            return new("prediction", false, $"it is {Shape(output)}, not float32 {probe.Model.SampleShape}");
        return output.IsFinite()
            ? new("prediction", true, $"finite, standard deviation {output.std().item<float>():G3}")
            : new("prediction", false, "it holds values that are not finite");
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
        var parameters = AttributedParameters.Select(probe.Model, null);
        var output = probe.Predict();
        // Asking libtorch for gradients of something that has none would end the process.
        if (!output.requires_grad)
            return new("gradients", false, "the prediction is not differentiable in the network's parameters");
        var gradients = autograd.grad(
            [(output * probe.Noise(probe.Model.SampleShape, 2)).sum()],
            [.. parameters.Tensors],
            allow_unused: true
        );

        string[] NamesWhere(Func<Tensor?, bool> condition) =>
            [.. parameters.Names.Where((_, i) => condition(gradients[i]))];
        var unreached = NamesWhere(gradient => !IsReached(gradient));
        var notFinite = NamesWhere(gradient => IsReached(gradient) && !gradient!.IsFinite());
        var zero = NamesWhere(gradient => IsReached(gradient) && gradient!.count_nonzero().item<long>() == 0);
        var notes = new[] { ("never reached", unreached), ("not finite", notFinite), ("zero here", zero) }
            .Where(note => note.Item2.Length > 0)
            .Select(note => $"{note.Item1}: {Listed(note.Item2)}")
            .ToArray();
        return new(
            "gradients",
            unreached.Length + notFinite.Length == 0,
            notes.Length == 0 ? $"all {parameters.Names.Count} parameters get one" : string.Join("; ", notes)
        );
    }

    private static bool IsReached(Tensor? gradient) => gradient is not null && !gradient.IsInvalid;

    private static AdapterCheckResult IndependentCopies(ModelProbe probe, Func<IDiffusionModel> load)
    {
        using var noGradient = no_grad();
        using var copy = load();
        var parameters = probe.Model.Network.named_parameters().ToArray();
        var copied = copy.Network.named_parameters().ToArray();
        if (!parameters.Select(entry => entry.name).SequenceEqual(copied.Select(entry => entry.name)))
            return Failed("two loads name their parameters differently");
        var different = parameters
            .Where((entry, i) => !AreEqual(entry.parameter, copied[i].parameter))
            .Select(entry => entry.name)
            .ToArray();
        if (different.Length > 0)
            return Failed($"two loads have different weights: {Listed(different)}");
        var before = probe.Predict();
        if (!AreEqual(before, probe.Predict(copy)))
            return Failed("two loads predict differently");
        foreach (var (_, parameter) in copied)
            parameter.add_(1);
        return AreEqual(before, probe.Predict())
            ? new("independent-copies", true, "two loads are equal and share nothing")
            : Failed("changing one load's weights changes the other's predictions");

        static AdapterCheckResult Failed(string detail) => new("independent-copies", false, detail);
    }

    private static bool IsBatch(Tensor tensor, ImageShape shape) =>
        tensor.dtype == ScalarType.Float32
        && tensor.shape.SequenceEqual([3, shape.Channels, shape.Height, shape.Width]);

    private static bool AreEqual(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.eq(b).all().item<bool>();

    private static string Shape(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(20)) + (names.Length > 20 ? $" and {names.Length - 20} more" : "");
}
