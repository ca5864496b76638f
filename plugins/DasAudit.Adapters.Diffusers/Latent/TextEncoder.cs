using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>A text encoder and the tokenizer that goes with it.</summary>
internal sealed record TextEncoder(ClipTextModel Network, ClipTokenizer Tokenizer);
