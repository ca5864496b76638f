using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Holdout;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows to a person how well shares say what leaving groups out changes.</summary>
internal static class HoldoutView
{
    private const double Rounding = 1e-9;

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
        {
            output.Write(Splitting(splitting));
            output.Say(Words(splitting));
        }
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
        var changes = Columns("left out", "the group, before", "after", "the copier", "both");
        foreach (var change in copier.Changes)
            changes.AddRow(
                Tables.Foreign(change.Target),
                new Text(Number(change.CopiedBefore)),
                new Text(Number(change.CopiedAfter)),
                new Text(Number(change.Copier)),
                new Text(Number(change.Both))
            );
        output.Write(changes);
        var shares = Columns("shares of", "the group, before", "after", "the copier", "gain of both (95 %)");
        foreach (var method in copier.Shares)
            shares.AddRow(
                new Text(method.Method),
                new Text(EvaluationWords.Number(method.CopiedBefore.Value)),
                new Text(EvaluationWords.Number(method.CopiedAfter.Value)),
                new Text(EvaluationWords.Number(method.Copier.Value)),
                new Text(EvaluationWords.Interval(method.Together))
            );
        output.Write(shares);
    }

    private static string Number(Interval interval) => interval.Value.ToString("G3", CultureInfo.InvariantCulture);

    private static Table Columns(string first, params string[] others) =>
        Tables.Simple([new(first), .. others.Select(name => new TableColumn(name).RightAligned())]);

    private static Table Effects(HoldoutTarget target)
    {
        var table = Tables.Simple(new TableColumn("left out"), new TableColumn("change (95 %)").RightAligned());
        foreach (var effect in target.Effects)
            table.AddRow(Tables.Foreign(effect.Group), new Text(Change(effect.Change)));
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
                new Text(EvaluationWords.Interval(method.Top)),
                new Text(EvaluationWords.Interval(method.Ndcg)),
                new Text(EvaluationWords.Interval(method.Spearman))
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
                new Text(EvaluationWords.Interval(method.Rise)),
                new Text(EvaluationWords.Number(method.Largest)),
                new Text(method.Beyond is { } part ? part.ToString("P0", CultureInfo.InvariantCulture) : "–")
            );
        return table;
    }

    private static string Words(IReadOnlyList<SplittingResult> splitting) =>
        splitting.Where(method => method.Beyond > 0 || Math.Abs(method.Largest) > Rounding).ToList()
            is { Count: > 0 } paid
            ? $"Splitting changes what groups have by: {string.Join(", ", paid.Select(method => method.Method))}."
            : "Splitting changes nothing that any group has, by any method.";

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
}
