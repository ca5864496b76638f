using System.Globalization;
using System.Text;
using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// Reports in a LiteDB file. Every report is kept as the very text that <see cref="ReportJson"/> writes, with its
/// SHA-256; the pictures of its HTML form are kept once however many reports show them.
/// <para>The file is open, and locked by <c>FILE.lock</c> beside it, only while a method runs: an audit of an hour
/// keeps nobody from reading. Whoever finds it locked waits for <see cref="LockTimeout"/>, then gets an
/// <see cref="AuditException"/>. Readers may read at the same time.</para>
/// <para>A report is safe when <see cref="Add"/> returns: it was copied into the data file and flushed (LiteDB's own
/// commit is not durable), and read back. All that comes out of the store is checked against the hashes that went in,
/// so damage is reported, never shown.</para>
/// <para>Whatever goes wrong with the file is an <see cref="AuditException"/> that names it and holds the cause.</para>
/// </summary>
public sealed class ReportStore : IReportStore
{
    /// <summary>How long a method waits for other processes: five seconds.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The largest report, in bytes of its JSON text; LiteDB holds documents up to 16.68 MB.</summary>
    public const int MaximumReportBytes = 16_000_000;

    private readonly StoreConnection _connection;
    private readonly StoreAccess _access;

    private ReportStore(StoreConnection connection, StoreAccess access)
    {
        _connection = connection;
        _access = access;
    }

    /// <summary>
    /// Opens a store, and checks that it is one and usable. For <see cref="StoreAccess.ReadWrite"/> all of it is read
    /// (a quarter of a second a thousand reports), so that nothing is added to a damaged store.
    /// </summary>
    /// <param name="path">The file; with <see cref="StoreAccess.ReadWrite"/> it and its folder are created.</param>
    /// <param name="access">What for.</param>
    /// <param name="time">The clock that <see cref="LockTimeout"/> is measured with; the system's if null.</param>
    /// <exception cref="AuditException">
    /// There is no store (<see cref="StoreAccess.ReadOnly"/>), or the file is another program's, of a newer das-audit,
    /// damaged, read-only (<see cref="StoreAccess.ReadWrite"/>) or held by another process. It was not changed.
    /// </exception>
    public static ReportStore Open(string path, StoreAccess access, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var connection = new StoreConnection(path, time ?? TimeProvider.System);
        if (access == StoreAccess.ReadWrite)
            connection.CreateIfMissing();
        connection.Read(database =>
            access == StoreAccess.ReadWrite ? StoreContents.VerifyAll(database) : StoreContents.Entries(database).Count
        );
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
        _connection.Write(
            json.Length + report.Thumbnails.Values.Sum(png => (long)png.Length),
            database => Insert(database, entry, json, report.Thumbnails),
            database => StoreContents.Load(database, entry)
        );
    }

    /// <inheritdoc/>
    public StoredReport Get(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _connection.Read(database =>
        {
            var entry = StoreContents.Find(database, id);
            var thumbnails = entry.Thumbnails.ToDictionary(
                thumbnail => thumbnail.Key,
                thumbnail => StoreContents.LoadThumbnail(database, thumbnail.Value)
            );
            return new StoredReport(StoreContents.Load(database, entry), thumbnails);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<AuditReport> Query(ReportFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _connection.Read(database =>
            StoreContents
                .Entries(database)
                .Where(entry => entry.Meets(filter))
                .Select(entry => StoreContents.Load(database, entry))
                .ToList()
        );
    }

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
        _connection.Write(
            json.Length,
            database => Insert(database, evaluation, json),
            database => StoredEvaluationDocument.Read(StoreSchema.Evaluations(database).FindById(evaluation.Id))
        );
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredEvaluation> Evaluations() => _connection.Read(StoreContents.Evaluations);

    /// <summary>Frees nothing: the file is open only while a method runs.</summary>
    public void Dispose() { }

    private static void Insert(
        LiteDatabase database,
        StoreEntry entry,
        byte[] json,
        IReadOnlyDictionary<string, byte[]> pngByPicture
    )
    {
        var entries = StoreSchema.Entries(database);
        if (entries.FindById(entry.Id) is not null)
            throw new AuditException($"The store already holds a report '{entry.Id}'; a report is never replaced.");

        entries.Insert(entry.ToBson());
        StoreSchema.Documents(database).Insert(new BsonDocument { ["_id"] = entry.Id, ["json"] = json });
        var thumbnails = StoreSchema.Thumbnails(database);
        foreach (var (picture, sha256) in entry.Thumbnails.DistinctBy(thumbnail => thumbnail.Value))
        {
            if (thumbnails.FindById(sha256) is null)
                thumbnails.Insert(new BsonDocument { ["_id"] = sha256, ["png"] = pngByPicture[picture] });
        }

        StoreSchema.CountReport(database);
    }

    private static void Insert(LiteDatabase database, StoredEvaluation evaluation, byte[] json)
    {
        var evaluations = StoreSchema.Evaluations(database);
        if (evaluations.FindById(evaluation.Id) is not null)
            throw new AuditException(
                $"The store already holds an evaluation '{evaluation.Id}'; an evaluation is never replaced."
            );
        evaluations.Insert(StoredEvaluationDocument.Of(evaluation, json));
        StoreSchema.CountEvaluation(database);
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
