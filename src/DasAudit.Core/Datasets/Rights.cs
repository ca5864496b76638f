namespace DasAudit.Core.Datasets;

/// <summary>Who holds a picture's rights and how it may be used, as the metadata say; null for silence.</summary>
public sealed record Rights
{
    /// <summary>No statement at all.</summary>
    public static Rights Unknown { get; } = new();

    /// <summary>SPDX licence identifier.</summary>
    public string? License { get; init; }

    /// <summary>Person or organisation that holds the rights.</summary>
    public string? RightsHolder { get; init; }

    /// <summary>Who made the picture.</summary>
    public string? Author { get; init; }

    /// <summary>Where it came from, usually an address.</summary>
    public string? Source { get; init; }
}
