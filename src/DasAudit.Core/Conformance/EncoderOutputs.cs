using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>The way from pictures to the space that the network denoises, and back.</summary>
internal sealed class EncoderOutputs(GoldenInputs inputs, GoldenSet set, IDiffusionModel model) : IGoldenPart
{
    private const string Image = "vae/image";
    private const string Latents = "vae/latents";
    private const string Decoded = "vae/decoded";

    public bool Knows(GoldenVariant variant) => variant.Base is Latents or Decoded;

    // A run that stored no latents decoded those of its pictures.
    public string? Obstacle(GoldenTensor tensor, GoldenVariant variant) =>
        tensor.Name == Decoded && set.Has(Latents) ? null : inputs.Lacking(Image);

    public AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant)
    {
        using var noGradient = no_grad();
        var latents =
            tensor.Name == Decoded && set.Has(Latents) ? inputs.Floats(Latents) : model.Encode(inputs.Floats(Image));
        var actual = tensor.Name == Decoded ? model.Decode(latents) : latents;
        return GoldenTolerance.Compare(tensor, actual, GoldenTolerance.Output);
    }
}
