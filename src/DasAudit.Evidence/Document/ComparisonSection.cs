using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Document;

/// <summary>The first pictures by each of several methods side by side, and how far the methods agree.</summary>
internal static class ComparisonSection
{
    private const int RowsThatSuffice = 10;

    /// <summary>Null where no other methods were run.</summary>
    internal static Section? Of(AuditReport report)
    {
        if (report.Comparison is not { } comparison)
            return null;

        var sentences = comparison
            .Agreements.Select(Agreement)
            .Concat(Opinions(comparison))
            .Concat(comparison.Methods.Select(LargerMeans))
            .Concat(Passes(comparison));
        return new(
            "Methods side by side",
            Methods(comparison, "Rank"),
            new Bullets([.. sentences.Select(Content.Words)], SmallPrint: true)
        )
        {
            CountedTitle = $"{Figures.Count(comparison.Methods.Count)} methods side by side",
        };
    }

    /// <summary>The same with the agreements of the report's own method only.</summary>
    internal static Section? Brief(AuditReport report)
    {
        if (report.Comparison is not { } comparison)
            return null;

        var agreements = comparison.Agreements.Where(agreement => agreement.A == report.Method.Id).Select(Agreement);
        var notes = agreements
            .Concat(Opinions(comparison))
            .Concat(comparison.Methods.Select(LargerMeans))
            .Concat(Passes(comparison))
            .Select(sentence => new Note(sentence));
        return new("The first pictures by each method", [Methods(comparison, "#"), .. notes]);
    }

    private static DocumentTable Methods(ComparisonInfo comparison, string rank)
    {
        var methods = comparison.Methods.Select(Column);
        var rows = Enumerable.Range(0, comparison.Methods.Max(method => method.Top.Count));
        return DocumentTable.Of(
            "First pictures by each method",
            methods.Prepend(new(rank, index => Content.Figure($"{index + 1}"), ColumnKind.Rank)),
            rows
        ) with
        {
            RowsThatSuffice = RowsThatSuffice,
        };
    }

    private static Column<int> Column(ComparedMethod method) =>
        new(method.Id, index => Content.Code(index < method.Top.Count ? method.Top[index].Item : ""), ColumnKind.File)
        {
            IsForeign = true,
        };

    // To whom each method beside the report's own gives most, and what its agreement means.
    private static IEnumerable<string> Opinions(ComparisonInfo comparison)
    {
        foreach (var method in comparison.Methods)
        {
            if (method.Groups is [var first, ..])
                yield return $"By {method.Id}, {VisibleText.Of(first.Key)} has the largest share: {Share(first)}.";
            if (method.LooksAtModel == false)
                yield return $"{method.Id} looks at no model: where it agrees, likeness alone explains the "
                    + "ranking as well.";
        }
    }

    private static string Share(GroupShare share) =>
        share is { Low: { } low, High: { } high }
            ? $"{Figures.Percent(share.Share)} ({Figures.Percent(low)} … {Figures.Percent(high)})"
            : Figures.Percent(share.Share);

    private static IEnumerable<string> Passes(ComparisonInfo comparison)
    {
        foreach (var method in comparison.Methods)
            if (method.Passes is { } passes)
                yield return PassesWords.Sentence(method.Id, passes);
    }

    private static string LargerMeans(ComparedMethod method) =>
        $"{method.Id}: a larger score means that {method.LargerMeans}.";

    private static string Agreement(RankAgreement agreement)
    {
        var (spearman, kendall) = (Figures.Cosine(agreement.Spearman), Figures.Cosine(agreement.Kendall));
        return $"{agreement.A} and {agreement.B}: rank correlation {spearman} (Spearman), {kendall} (Kendall); "
            + $"{Figures.Percent(agreement.TopOverlap)} of the first {Figures.Count(agreement.Top)} in common.";
    }
}
