using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures.Statements;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Policies;

/// <summary>What policies look at in a report; reading no more makes thousands of them quick to read.</summary>
internal sealed record ReportFacts
{
    public required string Schema { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset CreatedUtc { get; init; }

    public required QueryFacts Query { get; init; }

    public required ModelFacts Model { get; init; }

    public required DatasetFacts Dataset { get; init; }

    public required IReadOnlyList<AttributionFacts> Attributions { get; init; }

    public required string GroupedBy { get; init; }

    public required IReadOnlyList<ShareFacts> Groups { get; init; }

    public RightsFacts? Rights { get; init; }

    /// <summary>Reads the JSON text of a report.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    internal static ReportFacts Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<ReportFacts>(json, JsonDocuments.Options) is { Schema: AuditReport.SchemaId } facts
            ? facts
            : throw new JsonException("It is no report.");

    /// <summary>What they look at in a report that has been read.</summary>
    internal static ReportFacts Of(AuditReport report) =>
        Read(JsonSerializer.SerializeToUtf8Bytes(report, JsonDocuments.Options));
}

/// <summary>See <see cref="QueryInfo"/>.</summary>
internal sealed record QueryFacts(string Path, string Sha256, string PixelSha256);

/// <summary>See <see cref="ModelInfo"/>.</summary>
internal sealed record ModelFacts(string Path, string WeightsSha256, ModelAdditions? With = null);

/// <summary>See <see cref="DatasetInfo"/>.</summary>
internal sealed record DatasetFacts(string Path, string Root);

/// <summary>See <see cref="GroupShare"/>.</summary>
internal sealed record ShareFacts(string Key, double Share);

/// <summary>See <see cref="RightsInfo"/>.</summary>
internal sealed record RightsFacts(IReadOnlyList<StanceFacts> Pictures);

/// <summary>See <see cref="PictureRights"/>.</summary>
internal sealed record StanceFacts(int Rank, SignalStance Stance, IReadOnlyList<UseSignal> Signals);

/// <summary>See <see cref="AttributedPicture"/>.</summary>
internal sealed record AttributionFacts
{
    public required int Rank { get; init; }

    public required string Item { get; init; }

    public required string Sha256 { get; init; }

    public string? PixelSha256 { get; init; }

    public required double Score { get; init; }

    public EvidenceStrength? Strength { get; init; }

    public string? License { get; init; }

    public string? RightsHolder { get; init; }
}
