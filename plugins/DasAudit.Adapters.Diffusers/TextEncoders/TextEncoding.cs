using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>What a text encoder makes of token ids [N, L]; the caller disposes it.</summary>
/// <param name="LastHiddenState">After the final layer norm, float [N, L, hidden_size]: Stable Diffusion's.</param>
/// <param name="Penultimate">What leaves the last layer but one, unnormed, float [N, L, hidden_size]: SDXL's.</param>
/// <param name="Pooled">
/// The last hidden state at the end token, projected if the encoder has a projection, float [N, projection_dim] or
/// [N, hidden_size].
/// </param>
internal sealed record TextEncoding(Tensor LastHiddenState, Tensor Penultimate, Tensor Pooled) : IDisposable
{
    public void Dispose()
    {
        LastHiddenState.Dispose();
        Penultimate.Dispose();
        Pooled.Dispose();
    }
}
