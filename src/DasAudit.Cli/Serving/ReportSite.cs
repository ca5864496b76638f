using DasAudit.Cli.Commands;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Pages;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Serving;

/// <summary>
/// The pages of a store. Each is made anew of the store as it is, which is open, for reading, only meanwhile.
/// </summary>
/// <param name="store">The store's file, absolute.</param>
/// <param name="shownStore">What pages call it.</param>
internal sealed class ReportSite(
    string store,
    string shownStore,
    ReportStores stores,
    IReadOnlyList<IReportExporter> exporters
)
{
    private const int LongestId = 26;
    private const int MostSuggestions = 50;
    private static readonly string BundleEnding = BundleNames.Ending.TrimStart('.');

    private static readonly Dictionary<string, string> FormatNames = new(StringComparer.Ordinal)
    {
        ["json"] = "JSON",
        ["html"] = "HTML",
        ["csv"] = "CSV",
        ["md"] = "Markdown",
        ["prov"] = "PROV-O",
        ["spdx"] = "SPDX",
        ["cyclonedx"] = "CycloneDX",
    };

    private readonly IReadOnlyList<(string Name, string Ending)> _downloads =
    [
        .. exporters.Select(exporter =>
            (FormatNames.GetValueOrDefault(exporter.Format, exporter.Format), exporter.Ending)
        ),
        ("Bundle", BundleEnding),
    ];

    /// <summary>The page at a path below the list; no path leads to a file.</summary>
    /// <exception cref="AuditException">The store cannot be read.</exception>
    public Answer Get(string path, IReadOnlyList<(string Name, string Value)> parameters) =>
        path.Split('/') switch
        {
            [""] => List(parameters),
            [SiteLinks.ComparePage] => Compare(parameters),
            [SiteLinks.ReportFolder, var id] when IsId(id) => Report(id),
            [SiteLinks.DownloadFolder, var file] when file.Split('.', 2) is [var id, var ending] && IsId(id) =>
                Download(id, ending),
            _ => Missing(SiteLinks.FromList, "There is no such page."),
        };

    private Answer List(IReadOnlyList<(string Name, string Value)> parameters)
    {
        using var reports = stores.OpenToRead(store);
        var form = new FilterForm(parameters);
        var all = reports.Find(ReportFilter.All);
        var isWrong = form.Problems.Count > 0;
        IReadOnlyList<ReportSummary> matches =
            isWrong ? []
            : form.IsFilter ? reports.Find(form.Filter)
            : all;
        var list = new ReportList(shownStore, form, all, matches);
        var ids = list.OnPage.Select(report => report.Id).ToList();
        return Page(ListPage.Write(list with { Read = reports.ReadListed(ids) }), isWrong ? 400 : 200);
    }

    private Answer Report(string id)
    {
        using var reports = stores.OpenToRead(store);
        if (Find(reports, id, SiteLinks.FromFolder, out var report) is { } missing)
            return missing;
        var record = reports.Record(RecordKind.Report, report.Report.Id);
        // Those on the same picture are the likeliest to be compared with it.
        var comparable = reports
            .Find(ReportFilter.All)
            .Where(summary => summary.Id != report.Report.Id)
            .OrderByDescending(summary => summary.QueryPath == report.Report.Query.Path)
            .Take(MostSuggestions)
            .ToList();
        return Page(new ReportPage(report, record, _downloads, comparable).Write());
    }

    private Answer Compare(IReadOnlyList<(string Name, string Value)> parameters)
    {
        var ids = parameters.ToLookup(parameter => parameter.Name, parameter => parameter.Value.Trim());
        if (ids["a"].ToList() is not [{ Length: > 0 } a] || ids["b"].ToList() is not [{ Length: > 0 } b])
            return Message(SiteLinks.FromList, 400, "Nothing to compare", "Choose one report A and one report B.");
        using var reports = stores.OpenToRead(store);
        if (Find(reports, a, SiteLinks.FromList, out var first) is { } missingA)
            return missingA;
        return Find(reports, b, SiteLinks.FromList, out var second) is { } missingB
            ? missingB
            : Page(new ComparisonPage(first, second).Write());
    }

    private Answer Download(string id, string ending)
    {
        var exporter = exporters.FirstOrDefault(exporter => exporter.Ending == ending);
        if (exporter is null && ending != BundleEnding)
            return Missing(SiteLinks.FromFolder, "There is no such download.");
        using var reports = stores.OpenToRead(store);
        if (Find(reports, id, SiteLinks.FromFolder, out var report) is { } missing)
            return missing;
        var bytes = exporter is null
            ? Bundle(reports, report)
            : SitePage.Text(writer => exporter.Export(report, writer));
        return new(200, MediaType(ending), bytes) { FileName = $"{report.Report.Id}.{ending}" };
    }

    // As 'reports bundle' makes it without --sign.
    private byte[] Bundle(IReportStore reports, StoredReport report)
    {
        var record = stores.BundledRecord(store, reports, report.Report.Id);
        return BundleWriter.Write(BundleBuilder.Build(report, record, null, null), null, null);
    }

    private static Answer? Find(IReportStore reports, string id, SiteLinks links, out StoredReport report)
    {
        report = null!;
        try
        {
            report = reports.Get(id);
            return null;
        }
        catch (UnknownReportException e)
        {
            return Missing(links, e.Message);
        }
    }

    private static bool IsId(string text) => text.Length is > 0 and <= LongestId && text.All(char.IsAsciiLetterOrDigit);

    private static Answer Page(byte[] page, int status = 200) => new(status, Answer.Html, page);

    private static Answer Missing(SiteLinks links, string sentence) => Message(links, 404, "Not there", sentence);

    private static Answer Message(SiteLinks links, int status, string title, string sentence) =>
        Page(MessagePage.Write(title, sentence, links), status);

    private static string MediaType(string ending) =>
        ending.Split('.')[^1] switch
        {
            "html" => Answer.Html,
            "csv" => "text/csv; charset=utf-8",
            "md" => "text/markdown; charset=utf-8",
            "zip" => "application/zip",
            "jsonld" => "application/ld+json",
            _ => "application/json",
        };
}
