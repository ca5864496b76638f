using System.Globalization;
using DasAudit.Core.Audits;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>A report for the console: who, how much, how sure, and on what grounds.</summary>
internal static class ReportView
{
    private const int BarWidth = 30;

    /// <summary>Lays a report out.</summary>
    public static IRenderable Of(AuditReport report) => new Rows(
        Headline(report),
        Text.Empty,
        Attributions(report),
        Text.Empty,
        new Text($"Shares by {report.GroupedBy}, over all {Numbers.Count(report.Candidates.Count, "candidate")}:"),
        Groups(report),
        Text.Empty,
        Facts(report),
        Text.Empty,
        Limits(report));

    /// <summary>The finding in one sentence.</summary>
    public static string Sentence(AuditReport report)
    {
        var query = PlainText.Of(report.Query.Path);
        if (report.Groups.Count == 0 || report.Groups[0].Share <= 0) return $"{query} is owed to none of the pictures that were looked at.";
        var first = report.Groups[0];
        return $"{query} is owed most to {PlainText.Of(first.Key)}: {Numbers.Percent(first.Share)} of the attribution{Interval(first, " (95 % interval ", ")")}.";
    }

    private static Text Headline(AuditReport report) => new(Sentence(report), new Style(decoration: Decoration.Bold));

    private static Table Attributions(AuditReport report)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn(new TableColumn("#").RightAligned().NoWrap())
            .AddColumn(new TableColumn("score").RightAligned().NoWrap())
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("training picture"))
            .AddColumn(new TableColumn("rights holder"))
            .AddColumn(new TableColumn("licence"));
        foreach (var item in report.Attributions)
        {
            table.AddRow(
                new Text(item.Rank.ToString(CultureInfo.InvariantCulture)),
                new Text(Numbers.WithError(item.Score, item.StandardError)),
                item.Direction < 0 ? new Text("−", Color.Red) : new Text("+", Color.Green),
                new Text(PlainText.Of(item.Title is { } title ? $"{item.Item} ({title})" : item.Item)),
                Stated(item.RightsHolder),
                Stated(item.License));
        }
        return table;
    }

    private static Grid Groups(AuditReport report)
    {
        var grid = new Grid().AddColumn().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var group in report.Groups)
        {
            grid.AddRow(
                new Text(PlainText.Of(group.Key)),
                new Text(Bar(group.Share), Color.Blue),
                new Text(Numbers.Percent(group.Share)),
                new Text(Interval(group, "", "")),
                new Text(Numbers.Count(group.Items, "picture")));
        }
        return grid;
    }

    private static Grid Facts(AuditReport report)
    {
        var method = report.Method;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("report", $"{report.Id}, {report.CreatedUtc.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, das-audit {report.Tool.Version}");
        Row("query", $"{report.Query.Path}, {report.Query.Width}×{report.Query.Height}, SHA-256 {Hash(report.Query.Sha256)}");
        Row("model", $"{report.Model.Path}, {Numbers.Count(report.Model.AttributedParameters)} of {Numbers.Count(report.Model.Parameters)} parameters, "
            + $"adapter {report.Model.Adapter}, weights {Hash(report.Model.WeightsSha256)}");
        Row("dataset", $"{report.Dataset.Path}, {Numbers.Count(report.Dataset.Count, "picture")}{(report.Dataset.Skipped > 0 ? $", {Numbers.Count(report.Dataset.Skipped)} left out" : "")}, "
            + $"root {Hash(report.Dataset.Root)}");
        Row("candidates", $"{Numbers.Count(report.Candidates.Count)}: {string.Join(", ", report.Candidates.Tiers.Select(tier => $"{tier.Name} {Numbers.Count(tier.Count)}"))}"
            + (report.Encoder is { } encoder ? $"; encoder {encoder.Name}" : ""));
        Row("method", $"{method.Id}, {Numbers.Count(method.Timesteps.Count, "timestep")}, {Numbers.Count(method.Replicates, "replicate")}, projection {method.Projection}, damping {method.Damping}, "
            + $"residual {method.Residual}, seed {method.Seed}");
        Row("took", $"{Progress.StageClock.Words(TimeSpan.FromSeconds(report.Timings.Values.Sum()))} on {report.Environment.Device}, {Numbers.Count(report.Environment.Threads, "thread")}");
        return grid;

        void Row(string name, string text) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(PlainText.Of(text)));
    }

    private static Rows Limits(AuditReport report) => new([
        new Text("A score is how far the model's output at the query would move had it never seen the picture; + the picture helps make the query, − it works against it."),
        .. report.Limits.Select(limit => new Text("• " + PlainText.Of(limit))),
    ]);

    private static Text Stated(string? value) => value is null ? new Text("not stated", new Style(decoration: Decoration.Dim)) : new Text(PlainText.Of(value));

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }

    private static string Interval(GroupShare group, string before, string after) =>
        group is { Low: { } low, High: { } high } ? $"{before}{Numbers.Percent(low)[..^2]}–{Numbers.Percent(high)}{after}" : "";

    private static string Hash(string sha256) => sha256.Length > 12 ? sha256[..12] + "…" : sha256;
}
