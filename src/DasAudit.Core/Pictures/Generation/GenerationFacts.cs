namespace DasAudit.Core.Pictures.Generation;

/// <summary>What a generated picture says of how it was generated; null where it says nothing.</summary>
public sealed record GenerationFacts
{
    /// <summary>What states it, such as <c>PNG text 'parameters'</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The prompt as the program wrote it, with its marks for weights and LoRAs.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether weights and LoRAs stand in the prompt as AUTOMATIC1111 writes them.</summary>
    public PromptMarks Marks { get; init; }

    /// <summary>What guidance leads away from.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>A whole number; some programs go beyond 64 bits with a sign.</summary>
    public decimal? Seed { get; init; }

    /// <summary>Sampling steps.</summary>
    public int? Steps { get; init; }

    /// <summary>The sampler, as the program calls it.</summary>
    public string? Sampler { get; init; }

    /// <summary>The scale of classifier-free guidance.</summary>
    public double? Guidance { get; init; }

    /// <summary>Columns and rows it was generated with.</summary>
    public (int Width, int Height)? Size { get; init; }

    /// <summary>The model's name or file, as written.</summary>
    public string? Model { get; init; }

    /// <summary>The first digits of the model's SHA-256, hexadecimal.</summary>
    public string? ModelHash { get; init; }

    /// <summary>The LoRAs, in the order in which they are stated.</summary>
    public IReadOnlyList<MentionedLora> Loras { get; init; } = [];
}
