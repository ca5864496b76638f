using DasAudit.Evidence.Queries;
using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// Finds reports by the store's <see cref="IndexFile"/>. What it does not cover, because a crash or an older das-audit
/// left it behind, is read from the records; the next writer has it catch up.
/// </summary>
internal sealed class StoreIndex(StoreConnection connection)
{
    /// <summary>So many records that are not covered are worth a sentence.</summary>
    private const int Many = 1000;

    private static readonly string NoHash = new('0', 64);
    private readonly IndexFile _file = new(connection.File.Path);

    /// <summary>Summaries of the reports that meet all of a filter but its expression, newest first.</summary>
    /// <param name="limit">At most so many, the newest.</param>
    /// <exception cref="InvalidDataException">There are not as many reports as were counted.</exception>
    internal List<ReportSummary> Find(LiteDatabase database, ReportFilter filter, int limit)
    {
        var matches = new MatchingReports(filter, limit);
        if (!StoreSchema.IsChained(database))
            foreach (var entry in StoreContents.Entries(database))
                matches.Look(IndexFrame.Make(0, NoHash, StoreContents.Load(database, entry)));
        else
            Look(database, StoreChain.Tail(database).Head, matches);
        var count = StoreSchema.ReportCount(database);
        return matches.Looked == count
            ? matches.NewestFirst()
            : throw new InvalidDataException($"{matches.Looked} of {count} reports can be found");
    }

    /// <summary>
    /// Adds a record that has just been written, while no other process uses the store. A failure is told and no more,
    /// because the record is safe.
    /// </summary>
    internal void Add(ChainHead before, ChainRecord record, AuditReport? report)
    {
        try
        {
            if (!_file.TryAppend(before, IndexFrame.Make(record.Sequence, record.Hash, report)))
                connection.Use(StoreAccess.ReadOnly, CatchUp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AuditException)
        {
            connection.Say(
                $"The index of the store could not be written ({e.Message.TrimEnd('.')}); queries take longer until "
                    + "'store check' makes it anew."
            );
        }
    }

    /// <summary>Makes the index anew from the records, while no other process uses the store.</summary>
    internal void Renew() =>
        connection.Exclusively(() =>
            connection.Use(
                StoreAccess.ReadOnly,
                database =>
                {
                    using var builder = _file.Build();
                    AddAll(database, builder, 0, StoreChain.Tail(database).Head.Count);
                    return true;
                }
            )
        );

    private bool CatchUp(LiteDatabase database)
    {
        var head = StoreChain.Tail(database).Head;
        var (count, position) = Covered(database, head);
        if (head.Count - count > Many)
            connection.Say($"The index of the store gets {head.Count - count} records that it does not cover yet.");
        using var builder = count == 0 ? _file.Build() : _file.Continue(position);
        AddAll(database, builder, count, head.Count);
        return true;
    }

    private static void AddAll(LiteDatabase database, IndexBuilder builder, long covered, long count)
    {
        for (var sequence = covered + 1; sequence <= count; sequence++)
            builder.Add(Frame(database, sequence));
        builder.Complete();
    }

    private (long Count, long Position) Covered(LiteDatabase database, ChainHead head)
    {
        using var reader = _file.Open();
        return reader is not null && Covers(database, head, reader, static _ => { })
            ? (reader.Count, reader.Position)
            : (0, 0);
    }

    private void Look(LiteDatabase database, ChainHead head, MatchingReports matches)
    {
        var covered = 0L;
        using (var reader = _file.Open())
        {
            if (reader is not null && Covers(database, head, reader, matches.Look))
                covered = reader.Count;
            else
                matches.Clear();
        }

        if (head.Count - covered > Many)
            connection.Say(
                $"The index of the store does not cover {head.Count - covered} of its {head.Count} records, which are "
                    + "read instead; 'store check' has it catch up."
            );
        for (var sequence = covered + 1; sequence <= head.Count; sequence++)
            matches.Look(Frame(database, sequence));
    }

    /// <summary>
    /// Reads the frames up to a head, or as far as they are sound; whether they are of this very chain.
    /// </summary>
    private static bool Covers(LiteDatabase database, ChainHead head, IndexReader reader, FrameAction look)
    {
        try
        {
            while (reader.Count < head.Count)
            {
                var frame = reader.Next();
                if (frame.IsEmpty)
                    break;
                look(frame);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        if (reader.Count == head.Count)
            return reader.RecordHash == head.Hash || head.Count == 0;
        return reader.Count > 0 && reader.RecordHash == StoreChain.Record(database, reader.Count).Hash;
    }

    private static byte[] Frame(LiteDatabase database, long sequence)
    {
        var record = StoreChain.Record(database, sequence);
        var report =
            record.Kind == RecordKind.Report
                ? StoreContents.Load(database, StoreContents.Entry(database, record.Id))
                : null;
        return IndexFrame.Make(sequence, record.Hash, report);
    }

    private delegate void FrameAction(ReadOnlySpan<byte> frame);
}
