using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>What the U-Net takes of prompts; lives in the caller's dispose scope.</summary>
/// <param name="Tokens">float [N, S, D], a row a token.</param>
/// <param name="Pooled">SDXL's float [N, W]; null for models with one text encoder.</param>
internal sealed record TextEmbeddings(Tensor Tokens, Tensor? Pooled);
