using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>What lies behind predictions, which a model computes for comparison alone.</summary>
internal sealed class BehindOutputs(GoldenInputs inputs, IDiffusionModel model) : IGoldenPart
{
    // Large numbers: they are scaled or normalised before they go on.
    private static readonly string[] Unscaled = ["text/prompt_embeds", "vae/mean", "vae/moments"];

    public bool Knows(GoldenVariant variant) => model is IReferenceOutputs;

    public string? Obstacle(GoldenTensor tensor, GoldenVariant variant) => null;

    public AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant)
    {
        using var noGradient = no_grad();
        var actual = ((IReferenceOutputs)model).Compute(variant.Base, inputs.All());
        if (actual is null)
            return null;
        var tolerance = Unscaled.Contains(variant.Base) ? GoldenTolerance.Unscaled : GoldenTolerance.Output;
        // A run that borrows another one's inputs may have used the first of them alone.
        var rows = tensor.Shape.Count > 0 && tensor.Shape[0] < actual.shape[0] ? tensor.Shape[0] : actual.shape[0];
        return GoldenTolerance.Compare(tensor, actual.narrow(0, 0, rows), tolerance);
    }
}
