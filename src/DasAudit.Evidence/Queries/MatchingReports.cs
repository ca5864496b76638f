namespace DasAudit.Evidence.Queries;

/// <summary>Picks the reports out of frames that meet a filter.</summary>
internal sealed class MatchingReports(ReportFilter filter)
{
    private readonly IndexFilter _filter = new(filter);
    private readonly List<ReportSummary> _summaries = [];

    /// <summary>Number of reports that were looked at.</summary>
    internal int Looked { get; private set; }

    /// <summary>Looks at a frame, which may be of something else than a report.</summary>
    internal void Look(ReadOnlySpan<byte> frame)
    {
        if (!IndexFrame.IsReport(frame))
            return;
        Looked++;
        var report = new IndexedReport(frame);
        if (_filter.Meets(report))
            _summaries.Add(report.Summary());
    }

    internal void Clear()
    {
        Looked = 0;
        _summaries.Clear();
    }

    /// <summary>What was found. Ids sort by time.</summary>
    internal List<ReportSummary> NewestFirst()
    {
        _summaries.Reverse();
        var isSorted = true;
        for (var i = 1; i < _summaries.Count && isSorted; i++)
            isSorted = string.CompareOrdinal(_summaries[i - 1].Id, _summaries[i].Id) > 0;
        if (!isSorted)
            _summaries.Sort((a, b) => string.CompareOrdinal(b.Id, a.Id));
        return _summaries;
    }
}
