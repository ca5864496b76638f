using System.Globalization;
using DasAudit.Core.Audits;
using DasAudit.Evidence.Exports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>A report for the console: who, how much, how sure, and on what grounds. Its words are those of the exports.</summary>
internal static class ReportView
{
    private const int BarWidth = 30;

    /// <summary>Lays a report out.</summary>
    public static IRenderable Of(AuditReport report) => new Rows(
        Finding(report),
        Text.Empty,
        Attributions(report),
        Text.Empty,
        new Text($"Shares by {Words.GroupedBy(report)}, over all {Numbers.Count(report.Candidates.Count, "candidate")}:"),
        Groups(report),
        Text.Empty,
        Facts(report),
        Text.Empty,
        Limits(report));

    /// <summary>The finding in two lines: the picture and the claim, and the figures that it rests on.</summary>
    public static Rows Finding(AuditReport report)
    {
        var headline = Headline.Of(report);
        var claim = new Text(Plain($"{report.Query.Path}: {headline.Claim}."), new Style(decoration: Decoration.Bold));
        return headline.Figures.Length == 0 ? new Rows(claim) : new Rows(claim, new Text(Plain(headline.Figures + ".")));
    }

    private static Table Attributions(AuditReport report)
    {
        var scale = ScoreScale.For(report.Attributions.Select(item => item.Score));
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn(new TableColumn("#").RightAligned().NoWrap())
            .AddColumn(new TableColumn(scale.Heading).RightAligned().NoWrap())
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("training picture"))
            .AddColumn(new TableColumn("rights holder"))
            .AddColumn(new TableColumn("licence"));
        foreach (var item in report.Attributions)
        {
            table.AddRow(
                new Text(item.Rank.ToString(CultureInfo.InvariantCulture)),
                new Text(scale.Show(item.Score, item.StandardError)),
                new Text(Words.DirectionSign(item), item.Direction < 0 ? Color.Red : Color.Green),
                new Text(Plain(item.Title is { Length: > 0 } title ? $"{item.Item} ({title})" : item.Item)),
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
                new Text(Plain(group.Key)),
                new Text(Bar(group.Share), Color.Blue),
                new Text(Plain(Figures.Percent(group.Share))),
                new Text(group is { Low: { } low, High: { } high } ? Plain(Figures.PercentRange(low, high)) : ""),
                new Text(Numbers.Count(group.Items, "picture")));
        }
        return grid;
    }

    private static Grid Facts(AuditReport report)
    {
        var method = report.Method;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("report", $"{report.Id}, {Figures.Moment(report.CreatedUtc)}, das-audit {report.Tool.Version}");
        Row("query", $"{report.Query.Path}, {report.Query.Width}×{report.Query.Height}, SHA-256 {Hash(report.Query.Sha256)}");
        Row("model", $"{report.Model.Path}, {Numbers.Count(report.Model.AttributedParameters)} of {Numbers.Count(report.Model.Parameters)} parameters, "
            + $"adapter {report.Model.Adapter}, weights {Hash(report.Model.WeightsSha256)}");
        Row("dataset", $"{report.Dataset.Path}, {Numbers.Count(report.Dataset.Count, "picture")}{(report.Dataset.Skipped > 0 ? $", {Numbers.Count(report.Dataset.Skipped)} left out" : "")}, "
            + $"root {Hash(report.Dataset.Root)}");
        Row("candidates", $"{Numbers.Count(report.Candidates.Count)}: {string.Join(", ", report.Candidates.Tiers.Select(tier => $"{Words.Tier(tier.Name)} {Numbers.Count(tier.Count)}"))}"
            + (report.Encoder is { } encoder ? $"; encoder {encoder.Name}" : ""));
        Row("method", $"{method.Id}, {Numbers.Count(method.Timesteps.Count, "timestep")}, {Numbers.Count(method.Replicates, "replicate")}, projection {method.Projection}, "
            + $"damping {method.Damping}, residual {method.Residual}, seed {method.Seed}");
        Row("took", $"{Progress.StageClock.Words(TimeSpan.FromSeconds(report.Timings.Values.Sum()))} on {report.Environment.Device}, {Numbers.Count(report.Environment.Threads, "thread")}");
        return grid;

        void Row(string name, string text) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(Plain(text)));
    }

    private static Rows Limits(AuditReport report) => new([
        new Text("A score estimates how far the model's output at the query would move had it never seen the picture: ▲ seeing it helps make the query, ▼ it works against that. ± is one standard error."),
        .. report.Limits.Select(limit => new Text("• " + Plain(limit))),
    ]);

    private static Text Stated(string? value) => value is null ? new Text("not stated", new Style(decoration: Decoration.Dim)) : new Text(Plain(value));

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }

    // Ordinary spaces, so that what is printed can be searched for.
    private static string Plain(string text) => VisibleText.Of(text).Replace('\u00A0', ' ').Replace('\u202F', ' ');

    private static string Hash(string sha256) => sha256.Length > 12 ? sha256[..12] + "…" : sha256;
}
