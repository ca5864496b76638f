namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>What all self-attention of a network is built from.</summary>
/// <param name="HeadDim">Channels of a head; null for one head of all channels.</param>
/// <param name="NormEps">Of the normalisation before it.</param>
internal sealed record AttentionSettings(int? HeadDim, double NormEps);
