namespace DasAudit.Evidence.Queries;

/// <summary>Picks the reports out of frames that meet a filter.</summary>
/// <param name="limit">Only so many of the newest are needed.</param>
internal sealed class MatchingReports(ReportFilter filter, int limit)
{
    private const int Slack = 1000;

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
        if (!_filter.Meets(report))
            return;
        _summaries.Add(report.Summary());
        if (_summaries.Count - Slack > limit)
            Cut();
    }

    internal void Clear()
    {
        Looked = 0;
        _summaries.Clear();
    }

    /// <summary>What was found. Ids sort by time.</summary>
    internal List<ReportSummary> NewestFirst()
    {
        Cut();
        _summaries.Reverse();
        return _summaries;
    }

    // Ids sort by time, and most reports are added in their order.
    private void Cut()
    {
        var isSorted = true;
        for (var i = 1; i < _summaries.Count && isSorted; i++)
            isSorted = string.CompareOrdinal(_summaries[i - 1].Id, _summaries[i].Id) < 0;
        if (!isSorted)
            _summaries.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        if (_summaries.Count > limit)
            _summaries.RemoveRange(0, _summaries.Count - limit);
    }
}
