using System.Globalization;
using System.Text;
using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// Reports in a LiteDB file. Every report is kept as the very text that <see cref="ReportJson"/> writes, with its
/// SHA-256; the pictures of its HTML form are kept once however many reports show them.
/// <para>The file is open, and locked by <c>FILE.lock</c> beside it, only while a method runs: an audit of an hour
/// keeps nobody from reading. Whoever finds it locked waits for <see cref="LockTimeout"/>, to write for
/// <see cref="WriteTimeout"/>, then gets an
/// <see cref="AuditException"/>. Readers may read at the same time.</para>
/// <para>A report is safe when <see cref="Add"/> returns: it was copied into the data file and flushed (LiteDB's own
/// commit is not durable), read back, and written down in the chain of records and its <see cref="HeadFile"/>. All that
/// comes out of the store is checked against the hashes that went in, so damage is reported, never shown.</para>
/// <para>Whatever goes wrong with the file is an <see cref="AuditException"/> that names it and holds the cause.</para>
/// </summary>
public sealed class ReportStore : IReportStore
{
    /// <summary>How long reading waits for other processes: ten seconds.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long writing waits: an hour, since what is written may have taken that long to compute.</summary>
    public static readonly TimeSpan WriteTimeout = TimeSpan.FromHours(1);

    /// <summary>The largest report, in bytes of its JSON text; LiteDB holds documents up to 16.68 MB.</summary>
    public const int MaximumReportBytes = 16_000_000;

    private readonly StoreConnection _connection;
    private readonly StoreIndex _index;
    private readonly StoreAccess _access;

    private ReportStore(StoreConnection connection, StoreAccess access)
    {
        _connection = connection;
        _index = new StoreIndex(connection);
        _access = access;
    }

    /// <summary>
    /// Opens a store, and checks that it is one and usable: the end of its chain of records must agree with its head
    /// file. How long that takes does not depend on the number of reports; <see cref="StoreChecker"/> reads them all.
    /// </summary>
    /// <param name="path">The file; with <see cref="StoreAccess.ReadWrite"/> it and its folder are created.</param>
    /// <param name="access">What for.</param>
    /// <param name="time">The clock that <see cref="LockTimeout"/> is measured with; the system's if null.</param>
    /// <param name="say">Takes sentences for the person who waits; they are lost if null.</param>
    /// <exception cref="AuditException">
    /// There is no store (<see cref="StoreAccess.ReadOnly"/>), or the file is another program's, of a newer das-audit,
    /// damaged, read-only (<see cref="StoreAccess.ReadWrite"/>) or held by another process. It was not changed.
    /// </exception>
    public static ReportStore Open(
        string path,
        StoreAccess access,
        TimeProvider? time = null,
        Action<string>? say = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var connection = new StoreConnection(path, time ?? TimeProvider.System, say);
        if (access == StoreAccess.ReadWrite)
            connection.CreateIfMissing();
        connection.Read(database => connection.CheckEnd(database, access));
        return new ReportStore(connection, access);
    }

    /// <inheritdoc/>
    /// <exception cref="AuditException">
    /// The report is larger than <see cref="MaximumReportBytes"/>, its id is taken, or the store cannot be written.
    /// </exception>
    /// <exception cref="InvalidOperationException">The store is open for reading only.</exception>
    /// <exception cref="ArgumentException">The report's id is no ULID.</exception>
    public void Add(StoredReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        CheckAddition(report.Report.Id, nameof(report));
        var json = Encoding.UTF8.GetBytes(ReportJson.Serialize(report.Report));
        if (json.Length > MaximumReportBytes)
            throw TooLarge(report.Report, json.Length);

        var hashes = report.Thumbnails.ToDictionary(
            thumbnail => thumbnail.Key,
            thumbnail => StoreContents.Sha256(thumbnail.Value)
        );
        var entry = StoreEntry.From(report.Report, StoreContents.Sha256(json), hashes);
        _connection.Append(
            json.Length + report.Thumbnails.Values.Sum(png => (long)png.Length),
            (database, head) =>
            {
                StoreInsertion.Insert(database, entry, json, report.Thumbnails);
                return StoredRecords.Following(head, RecordKind.Report, entry.Id, json, hashes);
            },
            database => StoredRecords.Read(database, StoreChain.Record(database, RecordKind.Report, entry.Id)),
            (before, record) => _index.Add(before, record, report.Report)
        );
    }

    /// <inheritdoc/>
    public StoredReport Get(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _connection.Read(database =>
        {
            var entry = StoreContents.Find(database, id);
            if (StoreSchema.IsChained(database))
                Verify(database, entry.Id);
            var thumbnails = entry.Thumbnails.ToDictionary(
                thumbnail => thumbnail.Key,
                thumbnail => StoreContents.LoadThumbnail(database, thumbnail.Value)
            );
            return new StoredReport(StoreContents.Load(database, entry), thumbnails);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<AuditReport> Query(ReportFilter filter, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _connection.Read(database =>
            Find(database, filter, limit)
                .ConvertAll(summary => StoreContents.Load(database, StoreContents.Entry(database, summary.Id)))
        );
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The summaries come from the index, which is compared with the reports by <see cref="StoreChecker"/> alone; it
    /// must end with the last record of the chain, and hold as many reports as the store counts.
    /// </remarks>
    public IReadOnlyList<ReportSummary> Find(ReportFilter filter, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _connection.Read(database => Find(database, filter, limit));
    }

    /// <summary>
    /// Reports as a list shows them: with the audited picture alone. Each is compared with the hash of what was stored;
    /// its record in the chain is not looked at, as <see cref="Get"/> does.
    /// </summary>
    internal IReadOnlyList<ListedReport> ReadListed(IReadOnlyList<string> ids) =>
        _connection.Read(database => ids.Select(id => ListedReport.Read(database, id)).ToList());

    /// <summary>Reads the JSON texts of reports that meet a filter, newest first, some at a time.</summary>
    /// <param name="count">How many at a time.</param>
    /// <param name="take">Takes them; other processes may read, but not write, while it runs.</param>
    internal void ReadTexts(ReportFilter filter, int count, Action<IReadOnlyList<StoredText>> take) =>
        _connection.Read(database =>
        {
            foreach (var summaries in Find(database, filter, int.MaxValue).Chunk(count))
                take([.. summaries.Select(summary => StoredText.Load(database, summary.Id))]);
            return true;
        });

    /// <inheritdoc/>
    /// <exception cref="AuditException">
    /// The evaluation is larger than <see cref="MaximumReportBytes"/>, its id is taken, or the store cannot be written.
    /// </exception>
    /// <exception cref="InvalidOperationException">The store is open for reading only.</exception>
    /// <exception cref="ArgumentException">The evaluation's id is no ULID.</exception>
    public void AddEvaluation(StoredEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        CheckAddition(evaluation.Id, nameof(evaluation));
        var json = StoredEvaluationDocument.Json(evaluation);
        if (json.Length > MaximumReportBytes)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The evaluation has {json.Length / 1e6:0.0} MB, more than the {MaximumReportBytes / 1_000_000} MB "
                        + $"that a store holds; evaluate fewer pictures at once."
                )
            );
        _connection.Append(
            json.Length,
            (database, head) =>
            {
                StoreInsertion.Insert(database, evaluation, json);
                return StoredRecords.Following(head, RecordKind.Evaluation, evaluation.Id, json, null);
            },
            database => StoredRecords.Read(database, StoreChain.Record(database, RecordKind.Evaluation, evaluation.Id)),
            (before, record) => _index.Add(before, record, null)
        );
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredEvaluation> Evaluations() => _connection.Read(StoreContents.Evaluations);

    /// <inheritdoc/>
    public ChainRecord? Record(RecordKind kind, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _connection.Read(database =>
            StoreSchema.IsChained(database) ? StoreChain.Record(database, kind, id) : null
        );
    }

    /// <summary>Frees nothing: the file is open only while a method runs.</summary>
    public void Dispose() { }

    private List<ReportSummary> Find(LiteDatabase database, ReportFilter filter, int limit)
    {
        if (filter.Expression is null)
            return _index.Find(database, filter, limit);
        var expression = ReportExpression.Parse(filter.Expression);
        var summaries = _index.Find(database, filter, int.MaxValue);
        return
        [
            .. summaries
                .Where(report =>
                    expression.IsTrue(StoreContents.LoadDocument(database, StoreContents.Entry(database, report.Id)))
                )
                .Take(limit),
        ];
    }

    private static void Verify(LiteDatabase database, string reportId)
    {
        var record = StoreChain.Record(database, RecordKind.Report, reportId);
        StoreChain.CheckNeighbours(database, record);
        StoredRecords.Read(database, record);
    }

    private void CheckAddition(string id, string argument)
    {
        if (_access == StoreAccess.ReadOnly)
            throw new InvalidOperationException("The store is open for reading only.");
        if (!Ulid.TryParse(id, out _) || id.Any(char.IsAsciiLetterLower))
            throw new ArgumentException($"The id '{id}' is no ULID in capitals.", argument);
    }

    private static AuditException TooLarge(AuditReport report, int bytes) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The report on '{report.Query.Path}' has {bytes / 1e6:0.0} MB, more than the "
                    + $"{MaximumReportBytes / 1_000_000} MB that a store holds; list fewer pictures with --top."
            )
        );
}
