namespace DasAudit.Core.Pictures.Generation;

/// <summary>A LoRA that a picture says it was generated with.</summary>
/// <param name="Name">As written, perhaps with folders and an ending.</param>
/// <param name="Weight">Null where none is stated.</param>
public sealed record MentionedLora(string Name, double? Weight)
{
    /// <summary>The first digits of its SHA-256, hexadecimal; null where none are stated.</summary>
    public string? Hash { get; init; }
}
