using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>What was asked for beside a checkpoint.</summary>
public sealed record ModelAdditions
{
    /// <summary>What describes the model, as given; null where nothing was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Config { get; init; }

    /// <summary>
    /// Height and width of the pictures that the model was given; null for what the checkpoint states.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Resolution { get; init; }

    /// <summary>The LoRAs that were applied; null if none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LoraInfo>? Loras { get; init; }
}

/// <summary>A LoRA that was applied.</summary>
/// <param name="Path">As given.</param>
/// <param name="Weight">By what its change was multiplied.</param>
/// <param name="Sha256">Of its files, each after the other, lower-case hexadecimal.</param>
public sealed record LoraInfo(string Path, double Weight, string Sha256);
