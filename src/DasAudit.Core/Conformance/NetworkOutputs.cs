using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>What the network predicts.</summary>
internal sealed class NetworkOutputs(GoldenInputs inputs, IDiffusionModel model) : IGoldenPart
{
    public bool Knows(GoldenVariant variant) => variant.Base == "unet/output";

    public string? Obstacle(GoldenTensor tensor, GoldenVariant variant) => inputs.NetworkLacks(variant);

    public void Check(GoldenTensor tensor, GoldenVariant variant) => tensor.Expect(inputs.Batch());

    public AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant)
    {
        using var noGradient = no_grad();
        using var condition = inputs.Conditions(variant);
        var actual = model.Predict(inputs.Floats(GoldenInputs.Sample), inputs.Longs(GoldenInputs.Timesteps), condition);
        return GoldenTolerance.Compare(tensor, actual, GoldenTolerance.Output);
    }
}
