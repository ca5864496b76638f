using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Diffusion;

/// <summary>What a generated picture says of the model that made it.</summary>
/// <param name="Hash">What the model is known by, ten or more hexadecimal digits.</param>
/// <param name="Loras">The LoRAs that were applied, each with its weight and twelve or more digits of its hash.</param>
public sealed record MentionedModel(string Hash, IReadOnlyList<MentionedLora> Loras);
