namespace DasAudit.Evidence.Policies;

/// <summary>Small pictures of what findings are about, as PNG files, from the stored reports.</summary>
internal sealed class FindingPictures(IEnumerable<StoredReport> reports)
{
    /// <summary>The most reports whose pictures are taken: logs are read by programs that limit their size.</summary>
    internal const int MostReports = 100;

    private readonly Dictionary<string, StoredReport> _reports = reports.ToDictionary(report => report.Report.Id);

    /// <summary>None.</summary>
    internal static FindingPictures None { get; } = new([]);

    /// <summary>The pictures of a finding, each with what it shows.</summary>
    internal IEnumerable<(string Shows, byte[] Png)> Of(FindingSubject subject)
    {
        if (subject.Report is not { } id || !_reports.TryGetValue(id, out var report))
            yield break;
        if (report.Thumbnails.GetValueOrDefault(report.Report.Query.ShownThumbnail) is { } query)
            yield return ("The generated picture", query);
        if (subject.ItemSha256 is { } item && report.Thumbnails.GetValueOrDefault(item) is { } training)
            yield return ($"The training picture {subject.Item}", training);
    }
}
