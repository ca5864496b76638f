namespace DasAudit.Evidence.Document;

/// <summary>The pictures that matter most when they are taken together.</summary>
internal static class SubsetSection
{
    /// <summary>Null where no subset was sought.</summary>
    internal static Section? Of(AuditReport report)
    {
        if (report.Subset is not { } subset)
            return null;

        var files = subset.Order.Zip(
            subset.Influence,
            (item, influence) => new RankedFile(item, Figures.Score(influence, null))
        );
        var words = ScoreWords.For(report);
        return new(words.Together, new Ranking([.. files]), new Note($"{Meaning(words, subset)} {Search(subset)}"));
    }

    private static string Meaning(ScoreWords words, SubsetInfo subset) =>
        subset.Order.Count == 0
            ? "No picture that was scored adds anything."
            : $"The number is the {words.Of} of all pictures up to here together.";

    private static string Search(SubsetInfo subset) =>
        subset.Search switch
        {
            "refit" => "Each picture is the one whose removal adds most to the removal of those before it; "
                + "the linearised model is fitted again after each.",
            "adaptive" => "Each picture is the one that adds most to those before it.",
            _ => "Scores of this method add up, so the pictures stand by falling score.",
        };
}
