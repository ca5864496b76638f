using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Holdout;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows to a person how well shares say what leaving groups out changes.</summary>
internal static class HoldoutView
{
    public static void Write(HoldoutResult result, ToolOutput output)
    {
        foreach (var target in result.Targets)
        {
            output.Say($"{target.Target}: {target.Meaning}");
            output.Write(Effects(target));
            output.Write(Methods(target));
            output.Say(Seeds(target));
            foreach (var difference in target.Differences)
                output.Say(Words(difference));
        }

        if (result.Splitting is { } splitting)
            output.Write(Splitting(splitting));
        if (result.Copier is { } copier)
            Write(copier, output);
    }

    private static void Write(CopierResult copier, ToolOutput output)
    {
        output.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A copier adds near-duplicates of {copier.Pictures} pictures of {copier.Copied}; means over "
                    + $"{copier.Queries} generated pictures:"
            )
        );
        var changes = Columns("left out", "of the group, before", "after", "of the copier", "of both");
        foreach (var change in copier.Changes)
            changes.AddRow(
                new Text(change.Target),
                new Text(Change(change.CopiedBefore)),
                new Text(Change(change.CopiedAfter)),
                new Text(Change(change.Copier)),
                new Text(Change(change.Both))
            );
        output.Write(changes);
        var shares = Columns("shares", "of the group, before", "after", "of the copier", "gain of both");
        foreach (var method in copier.Shares)
            shares.AddRow(
                new Text(method.Method),
                new Text(Figure(method.CopiedBefore)),
                new Text(Figure(method.CopiedAfter)),
                new Text(Figure(method.Copier)),
                new Text(Figure(method.Together))
            );
        output.Write(shares);
    }

    private static Table Columns(string first, params string[] others) =>
        Tables.Simple([new(first), .. others.Select(name => new TableColumn(name).RightAligned())]);

    private static Table Effects(HoldoutTarget target)
    {
        var table = Tables.Simple(new TableColumn("left out"), new TableColumn("change (95 %)").RightAligned());
        foreach (var effect in target.Effects)
            table.AddRow(new Text(effect.Group), new Text(Change(effect.Change)));
        if (target.Floor is { } floor)
            table.AddRow(new Text("nothing, but another training seed"), new Text(Change(floor)));
        return table;
    }

    private static Table Methods(HoldoutTarget target)
    {
        var table = Tables.Simple(
            new TableColumn("method"),
            new TableColumn("Top-1").RightAligned(),
            new TableColumn("NDCG@3").RightAligned(),
            new TableColumn("Spearman").RightAligned()
        );
        foreach (var method in target.Methods)
            table.AddRow(
                new Text(method.Method),
                new Text(Figure(method.Top)),
                new Text(Figure(method.Ndcg)),
                new Text(Figure(method.Spearman))
            );
        return table;
    }

    private static Table Splitting(IReadOnlyList<SplittingResult> splitting)
    {
        var table = Tables.Simple(
            new TableColumn("split by chance"),
            new TableColumn("rise of the share").RightAligned(),
            new TableColumn("largest").RightAligned(),
            new TableColumn("beyond its interval").RightAligned()
        );
        foreach (var method in splitting)
            table.AddRow(
                new Text(method.Method),
                new Text(Figure(method.Rise)),
                new Text(EvaluationWords.Number(method.Largest)),
                new Text(method.Beyond is { } part ? part.ToString("P0", CultureInfo.InvariantCulture) : "–")
            );
        return table;
    }

    private static string Seeds(HoldoutTarget target) =>
        target.SeedAgreement is { } agreement
            ? $"Training seeds order the groups alike with a rank correlation of {EvaluationWords.Number(agreement)}."
            : "With one training seed it is not known how far even the truth agrees with itself; --training-seeds 2 "
                + "tells.";

    private static string Words(HoldoutDifference difference)
    {
        var spearman = difference.Spearman;
        var (value, low, high) = (spearman.Value, spearman.Low, spearman.High);
        return EvaluationWords.Difference(difference.A, difference.B, value, low, high);
    }

    private static string Change(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Value:G3} ({interval.Low:G3} … {interval.High:G3})");

    private static string Figure(Interval interval) =>
        EvaluationWords.Interval(interval.Value, interval.Low, interval.High);
}
