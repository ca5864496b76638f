using System.Globalization;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>A report for the console: who, how much, how sure, and on what grounds. Its words are those of the exports.</summary>
internal static class ReportView
{
    private const int BarWidth = 30;

    /// <summary>Lays a report out.</summary>
    public static IRenderable Of(AuditReport report) =>
        new Rows([
            Finding(report),
            Text.Empty,
            Attributions(report),
            .. Shares(report),
            .. Together(report),
            .. Compared(report),
            Text.Empty,
            Facts(report),
            Text.Empty,
            Limits(report),
        ]);

    /// <summary>The finding in two lines: the picture and the claim, and the figures that it rests on.</summary>
    public static Rows Finding(AuditReport report)
    {
        var headline = Headline.Of(report);
        var claim = new Text(Plain($"{report.Query.Path}: {headline.Claim}."), new Style(decoration: Decoration.Bold));
        return headline.Figures.Length == 0
            ? new Rows(claim)
            : new Rows(claim, new Text(Plain(headline.Figures + ".")));
    }

    private static Table Attributions(AuditReport report)
    {
        var scale = ScoreScale.For(report.Attributions.Select(item => item.Score));
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn(new TableColumn("#").RightAligned().NoWrap())
            .AddColumn(new TableColumn(scale.Heading).RightAligned().NoWrap());
        var directed = Words.HasDirection(report);
        if (directed)
            table.AddColumn(new TableColumn("").NoWrap());
        if (report.Evidence is not null)
            table.AddColumn(new TableColumn("evidence").NoWrap());
        if (report.Evidence?.NullPool is not null)
            table.AddColumn(new TableColumn("q").RightAligned().NoWrap());
        table
            .AddColumn(new TableColumn("training picture"))
            .AddColumn(new TableColumn("rights holder"))
            .AddColumn(new TableColumn("licence"));
        foreach (var item in report.Attributions)
        {
            List<IRenderable> cells =
            [
                new Text(item.Rank.ToString(CultureInfo.InvariantCulture)),
                new Text(scale.Show(item.Score, item.StandardError)),
            ];
            if (directed)
                cells.Add(
                    new Text(
                        Words.DirectionSign(item),
                        item.Direction switch
                        {
                            < 0 => Color.Red,
                            0 => Color.Default,
                            _ => Color.Green,
                        }
                    )
                );
            if (report.Evidence is not null)
                cells.Add(new Text(Plain(Words.Strength(item))));
            if (report.Evidence?.NullPool is not null)
                cells.Add(new Text(item.QValue is { } q ? Plain(Figures.Probability(q)) : "–"));
            table.AddRow([
                .. cells,
                new Text(Plain(item.Title is { Length: > 0 } title ? $"{item.Item} ({title})" : item.Item)),
                Stated(item.RightsHolder),
                Stated(item.License),
            ]);
        }
        return table;
    }

    private static IEnumerable<IRenderable> Shares(AuditReport report) =>
        report.Groups.Count == 0
            ? []
            :
            [
                Text.Empty,
                new Text(
                    $"Shares by {Words.GroupedBy(report)}, over all {Numbers.Count(report.Candidates.Count, "candidate")}:"
                ),
                Groups(report),
            ];

    private static Grid Groups(AuditReport report)
    {
        var grid = new Grid()
            .AddColumn()
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var group in report.Groups)
        {
            grid.AddRow(
                new Text(Plain(group.Key)),
                new Text(Bar(group.Share), Color.Blue),
                new Text(Plain(Figures.Percent(group.Share))),
                new Text(group is { Low: { } low, High: { } high } ? Plain(Figures.PercentRange(low, high)) : ""),
                new Text(Numbers.Count(group.Items, "picture"))
            );
        }
        return grid;
    }

    private static IEnumerable<IRenderable> Together(AuditReport report)
    {
        if (report.Subset is not { } subset)
            yield break;
        yield return Text.Empty;
        yield return new Text($"{ScoreWords.For(report).Together}:");
        foreach (var (rank, (item, influence)) in subset.Order.Zip(subset.Influence).Index())
            yield return new Text(Plain($"{rank + 1}. {item}: {Figures.Score(influence, null)}"));
        yield return new Text(Words.SubsetNote(report, subset));
    }

    private static IEnumerable<IRenderable> Compared(AuditReport report)
    {
        if (report.Comparison is not { } comparison)
            yield break;
        yield return Text.Empty;
        yield return new Text("The first pictures by each method:");
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }.AddColumn(
            new TableColumn("#").RightAligned()
        );
        foreach (var method in comparison.Methods)
            table.AddColumn(method.Id);
        for (var rank = 0; rank < Math.Min(10, comparison.Methods.Max(method => method.Top.Count)); rank++)
            table.AddRow([
                new Text($"{rank + 1}"),
                .. comparison.Methods.Select(method => new Text(
                    Plain(rank < method.Top.Count ? method.Top[rank].Item : "")
                )),
            ]);
        yield return table;
        foreach (var agreement in comparison.Agreements.Where(agreement => agreement.A == report.Method.Id))
            yield return new Text(Plain(Words.Agreement(agreement)));
        foreach (var method in comparison.Methods)
            yield return new Text(Plain(Words.LargerMeans(method)));
    }

    private static Grid Facts(AuditReport report)
    {
        var (query, model, dataset, method, environment) = (
            report.Query,
            report.Model,
            report.Dataset,
            report.Method,
            report.Environment
        );
        var tiers = report.Candidates.Tiers.Select(tier => $"{Words.Tier(tier.Name)} {Numbers.Count(tier.Count)}");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("report", report.Id, Figures.Moment(report.CreatedUtc), $"das-audit {report.Tool.Version}");
        Row("query", query.Path, $"{query.Width}×{query.Height}", $"SHA-256 {Hash(query.Sha256)}");
        Row(
            "model",
            model.Path,
            Circumstances.AttributesParameters(report)
                ? $"{Numbers.Count(model.AttributedParameters)} of {Numbers.Count(model.Parameters)} parameters"
                : Numbers.Count(model.Parameters, "parameter"),
            $"adapter {model.Adapter}",
            $"weights {Hash(model.WeightsSha256)}"
        );
        Row(
            "dataset",
            dataset.Path,
            Numbers.Count(dataset.Count, "picture"),
            dataset.Skipped > 0 ? $"{Numbers.Count(dataset.Skipped)} left out" : null,
            $"root {Hash(dataset.Root)}"
        );
        Row(
            "candidates",
            $"{Numbers.Count(report.Candidates.Count)}: {string.Join(", ", tiers)}",
            report.Encoder is { } encoder ? $"encoder {encoder.Name}" : null
        );
        var scores = ScoreInfo.Of(method);
        Row(
            "method",
            method.Id,
            scores.LooksAtModel ? Numbers.Count(method.Timesteps.Count, "timestep") : null,
            scores.Noise == ScoreNoise.None ? null : Numbers.Count(method.Replicates, "replicate"),
            scores.Projects ? $"projection {method.Projection}" : null,
            method.Precision is { } precision ? $"precision {precision}" : null,
            method.Damping == "none" ? null : $"damping {method.Damping}",
            method.Background is { } background ? $"background {Numbers.Count(background)}" : null,
            method.Retrained is { } retrained
                ? $"{Numbers.Count(retrained.Count, "retrained model")} {Hash(retrained.Sha256)}"
                : null,
            scores.LooksAtGradients ? $"residual {method.Residual}" : null,
            $"seed {method.Seed}"
        );
        if (DampingTable.Brief(report) is { } curve)
            Row("damping curve", curve);
        if (report.DampingBand is { } band)
            Row("damping band", DampingTable.Band(band));
        Row(
            "took",
            Numbers.Duration(TimeSpan.FromSeconds(report.Timings.Values.Sum())),
            $"on {environment.Device}",
            Numbers.Count(environment.Threads, "thread")
        );
        return grid;

        void Row(string name, params IEnumerable<string?> facts) =>
            grid.AddRow(
                new Text(name, new Style(decoration: Decoration.Dim)),
                new Text(Plain(string.Join(", ", facts.OfType<string>())))
            );
    }

    private static Rows Limits(AuditReport report) =>
        new([
            new Text(Plain(Explanations.Score(ScoreInfo.Of(report.Method)))),
            .. new[]
            {
                Explanations.Direction(ScoreInfo.Of(report.Method)),
                Words.HasErrors(report) ? "± is one standard error." : null,
            }
                .OfType<string>()
                .Select(sentence => new Text(Plain(sentence))),
            .. (report.Evidence?.Definition ?? [])
                .Concat(report.Evidence?.Meaning ?? [])
                .Select(sentence => new Text("• " + Plain(sentence))),
            .. report.Limits.Select(limit => new Text("• " + Plain(limit))),
        ]);

    private static Text Stated(string? value) =>
        value is null ? new Text("not stated", new Style(decoration: Decoration.Dim)) : new Text(Plain(value));

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }

    // Ordinary spaces, so that what is printed can be searched for.
    private static string Plain(string text) => VisibleText.Of(text).Replace('\u00A0', ' ').Replace('\u202F', ' ');

    private static string Hash(string sha256) => sha256.Length > 12 ? sha256[..12] + "…" : sha256;
}
