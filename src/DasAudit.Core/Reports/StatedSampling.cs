using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>How a picture says that it was sampled; nothing of it changes scores. Null where it says nothing.</summary>
public sealed record StatedSampling
{
    /// <summary>What guidance led away from; as given, where it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NegativePrompt { get; init; }

    /// <summary>A whole number; some programs go beyond 64 bits with a sign.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Seed { get; init; }

    /// <summary>Sampling steps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Steps { get; init; }

    /// <summary>The sampler, as the picture's program calls it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sampler { get; init; }

    /// <summary>The scale of classifier-free guidance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Guidance { get; init; }
}
