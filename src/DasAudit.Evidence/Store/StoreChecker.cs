using DasAudit.Core.Files;
using DasAudit.Evidence.Queries;
using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// Reads a whole store, record by record, and says of each what is not as it was written. The store is locked for some
/// records at a time only, so that others can add to it meanwhile.
/// </summary>
/// <param name="connection">The store.</param>
/// <param name="anchor">A head that the store had earlier, kept elsewhere; null for none.</param>
internal sealed class StoreChecker(StoreConnection connection, ChainHead? anchor = null)
{
    /// <summary>After so many findings the rest is not looked at.</summary>
    internal const int MostFindings = 100;

    private const int Batch = 200;

    private readonly List<StoreFinding> _findings = [];
    private readonly StoredNames _names = new();
    private StoreCheckResult _result = new(0, 0, 0, 0, null, IsChained: true, []);
    private IndexComparison? _index;
    private long _next = 1;
    private ChainRecord? _record;
    private string? _hashBefore;

    private long Count => _result.Reports + _result.Evaluations;

    /// <summary>Checks the store, once.</summary>
    /// <exception cref="AuditException">
    /// There is none, it is another program's or a newer das-audit's, or is held.
    /// </exception>
    internal StoreCheckResult Run(IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        Try(CheckPages);
        if (Try(ReadCounts) && !_result.IsChained)
            Try(CheckUnchained);
        else if (_result.Bytes > 0)
            CheckChain(progress, cancellation);
        return _result with { Pictures = _names.Pictures, Findings = _findings };
    }

    private void CheckChain(IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        using var index = new IndexComparison(new IndexFile(connection.File.Path));
        _index = index;
        Try(CheckEnd);
        var isDone = false;
        while (!isDone && _findings.Count < MostFindings)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryRecords())
                continue;
            progress?.Report(new("checking records", _next - 1, Count));
            if (_next > Count)
                isDone = !Try(ReadCounts) || _next > Count;
        }

        Try(CheckNames);
        _result = _result with { Index = index.Finding };
    }

    private void CheckPages(LiteDatabase database) => connection.File.CheckPages();

    private void ReadCounts(LiteDatabase database)
    {
        _result = _result with
        {
            IsChained = StoreSchema.IsChained(database),
            Reports = StoreSchema.ReportCount(database),
            Evaluations = StoreSchema.EvaluationCount(database),
            Bytes = new FileInfo(connection.File.Path).Length,
        };
    }

    private void CheckUnchained(LiteDatabase database)
    {
        connection.Tail(database);
        StoreContents.VerifyAll(database);
    }

    private void CheckEnd(LiteDatabase database)
    {
        if (anchor is not null)
            CheckAnchor(database, anchor);
        var tail = StoreChain.Tail(database);
        _result = _result with { Head = tail.Head };
        if (tail.Contradiction(connection.HeadFile.Read()) is { } contradiction)
            throw new InvalidDataException(contradiction);
    }

    private void CheckAnchor(LiteDatabase database, ChainHead head)
    {
        if (head.Store != StoreSchema.StoreId(database))
            Find(null, $"it is another store than that of the given head, {head.Store}");
        else if (head.Count > Count)
            Find(null, $"it was rolled back or cut: the given head says {head.Count} records, and there are {Count}");
    }

    /// <summary>Checks the next records; a damaged one ends this, since LiteDB may then refuse all else.</summary>
    private bool TryRecords()
    {
        _record = null;
        try
        {
            return connection.Read(CheckRecords);
        }
        catch (DamagedStoreException e)
        {
            _findings.Add(new(_next, _record?.Kind, _record?.Id, e.What));
            _hashBefore = _record?.Hash;
            _next++;
            return false;
        }
    }

    private bool CheckRecords(LiteDatabase database)
    {
        for (var last = _next + Batch; _next <= Count && _next < last; _next++)
        {
            _record = null;
            _record = StoreChain.Record(database, _next);
            CheckLinks(database, _record);
            var item = StoredRecords.Read(database, _record);
            _names.Add(item);
            _index?.Compare(_record, item.Report());
            _hashBefore = _record.Hash;
        }

        return true;
    }

    private void CheckLinks(LiteDatabase database, ChainRecord record)
    {
        var before = record.Sequence > 1 ? _hashBefore : ChainHead.Empty(StoreSchema.StoreId(database)).Hash;
        if (before is not null && record.Previous != before)
            Find(
                Math.Max(1, record.Sequence - 1),
                record.Sequence == 1
                    ? "record 1 is that of another store"
                    : $"record {record.Sequence - 1} was rewritten or replaced: its hash is {before}, "
                        + $"and record {record.Sequence} says {record.Previous}"
            );
        if (record.Sequence == anchor?.Count && record.Hash != anchor.Hash)
            Find(
                record.Sequence,
                $"record {record.Sequence} was rewritten: its hash is {record.Hash}, and the given head says "
                    + anchor.Hash
            );
        if (StoreChain.Record(database, record.Kind, record.Id).Sequence != record.Sequence)
            throw new InvalidDataException($"{StoredRecords.Word(record.Kind)} '{record.Id}' has two records");
    }

    // Only where all records could be read is it known what belongs to none.
    private void CheckNames(LiteDatabase database)
    {
        if (_findings.All(finding => finding.Record is null) && _next > Count)
            _names.Check(database);
    }

    private bool Try(Action<LiteDatabase> check)
    {
        try
        {
            return connection.Read(database =>
            {
                check(database);
                return true;
            });
        }
        catch (DamagedStoreException e)
        {
            Find(null, e.What);
            return false;
        }
    }

    private void Find(long? record, string what)
    {
        if (_findings.All(finding => finding.What != what))
            _findings.Add(new(record, null, null, what));
    }
}
