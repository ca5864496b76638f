namespace DasAudit.Evidence.Queries;

/// <summary>Compares an index with the records that it is of, one after the other.</summary>
internal sealed class IndexComparison(IndexFile index) : IDisposable
{
    private readonly IndexReader? _reader = index.Open();

    /// <summary>The first difference; null if there is none so far.</summary>
    internal IndexFinding? Finding { get; private set; }

    /// <summary>Compares the next frame.</summary>
    /// <param name="report">The report that the record is about; null if it is about something else.</param>
    internal void Compare(ChainRecord record, AuditReport? report)
    {
        if (Finding is not null)
            return;
        var frame = _reader is null ? default : _reader.Next();
        if (frame.IsEmpty)
            Finding = new(record.Sequence, IsMissing: true);
        else if (!frame.SequenceEqual(IndexFrame.Make(record.Sequence, record.Hash, report)))
            Finding = new(record.Sequence, IsMissing: false);
    }

    public void Dispose() => _reader?.Dispose();
}
