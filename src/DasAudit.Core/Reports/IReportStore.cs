using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Reports;

/// <summary>
/// Keeps reports, and evaluations that they quote. Opening a store that another process holds, that is damaged, or that
/// is no store fails with an <see cref="Abstractions.AuditException"/> and changes nothing.
/// </summary>
public interface IReportStore : IDisposable
{
    /// <summary>Stores a report; when this returns it survives a crash. A failure is thrown, never swallowed.</summary>
    void Add(StoredReport report);

    /// <summary>Finds a report.</summary>
    /// <param name="id">The id, or a beginning of it that no other report shares; case does not matter.</param>
    /// <exception cref="Abstractions.AuditException">There is none, or several begin so.</exception>
    StoredReport Get(string id);

    /// <summary>Reports that meet the filter, newest first, whole.</summary>
    /// <param name="limit">At most so many, the newest.</param>
    IReadOnlyList<AuditReport> Query(ReportFilter filter, int limit = int.MaxValue);

    /// <summary>The same, as a list shows them; the reports themselves are not read.</summary>
    /// <param name="limit">At most so many, the newest.</param>
    IReadOnlyList<ReportSummary> Find(ReportFilter filter, int limit = int.MaxValue);

    /// <summary>Stores an evaluation, as surely as a report.</summary>
    void AddEvaluation(StoredEvaluation evaluation);

    /// <summary>All evaluations, newest first.</summary>
    IReadOnlyList<StoredEvaluation> Evaluations();

    /// <summary>What the store wrote down of a report or evaluation; null if it is older than such records.</summary>
    /// <param name="id">The whole id.</param>
    ChainRecord? Record(RecordKind kind, string id);
}

/// <summary>A report with the small pictures that its HTML form shows.</summary>
/// <param name="Report">The report.</param>
/// <param name="Thumbnails">
/// PNG bytes of the query and of every listed picture, by SHA-256 of its file; and of the query with its region, if one
/// was asked about, by <see cref="QueryInfo.RegionThumbnail"/>.
/// </param>
public sealed record StoredReport(AuditReport Report, IReadOnlyDictionary<string, byte[]> Thumbnails)
{
    /// <summary>All scores behind the report; they are not stored, and null where it comes from a store.</summary>
    public AuditScores? Scores { get; init; }
}

/// <summary>Which reports to find; a null field asks for nothing, all others must hold.</summary>
public sealed record ReportFilter
{
    /// <summary>Every report.</summary>
    public static ReportFilter All { get; } = new();

    /// <summary>Part of the model's path, or the beginning of its weights' SHA-256.</summary>
    public string? Model { get; init; }

    /// <summary>Part of the query's path, or the beginning of its SHA-256 or pixel SHA-256.</summary>
    public string? Image { get; init; }

    /// <summary>A rights holder with a listed picture or a share, which reaches <see cref="MinimumShare"/>.</summary>
    public string? RightsHolder { get; init; }

    /// <summary>A licence with a listed attribution.</summary>
    public string? License { get; init; }

    /// <summary>Made at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Made before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Some group (the named rights holder, if one is named) has at least this share, 0 … 1.</summary>
    public double? MinimumShare { get; init; }

    /// <summary>Part of the dataset's path, or the beginning of its Merkle root.</summary>
    public string? Dataset { get; init; }

    /// <summary>The method's id.</summary>
    public string? Method { get; init; }

    /// <summary>A listed picture: its path within the dataset, or the beginning of its SHA-256 or pixel hash.</summary>
    public string? Picture { get; init; }

    /// <summary>Some listed picture, or the named one, has this evidence word or a stronger one.</summary>
    public EvidenceStrength? Strength { get; init; }

    /// <summary>
    /// An expression of the store's language that must be true of the report's JSON document. All reports that meet
    /// the rest are read for it.
    /// </summary>
    public string? Expression { get; init; }
}
