using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>What SDXL is conditioned on beside the prompt's tokens.</summary>
/// <param name="TextEmbeds">The pooled embedding of the prompt, float [N, W].</param>
/// <param name="TimeIds">
/// The picture's original height and width, top and left of the crop, target height and width: [N, 6].
/// </param>
internal sealed record AddedConditions(Tensor TextEmbeds, Tensor TimeIds);
