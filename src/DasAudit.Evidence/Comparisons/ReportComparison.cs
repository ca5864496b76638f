namespace DasAudit.Evidence.Comparisons;

/// <summary>What differs between two reports: the document <c>das-audit/report-comparison/1</c>.</summary>
/// <param name="A">Id of the first.</param>
/// <param name="B">Id of the second.</param>
/// <param name="Inputs">Hashes that differ: of pictures, weights, adapter, dataset, encoder, LoRAs, masks.</param>
/// <param name="Settings">Settings that differ.</param>
/// <param name="Circumstances">What else differs and decides no score as such: paths, versions, the machine.</param>
/// <param name="Ranking">How far the listed pictures agree.</param>
/// <param name="GroupedBy">
/// The group key; null where the two have different ones, so that no groups are compared.
/// </param>
/// <param name="Groups">All groups of both, by falling share in the first.</param>
internal sealed record ReportComparison(
    string A,
    string B,
    IReadOnlyList<ReportDifference> Inputs,
    IReadOnlyList<ReportDifference> Settings,
    IReadOnlyList<ReportDifference> Circumstances,
    RankingComparison Ranking,
    string? GroupedBy,
    IReadOnlyList<ComparedGroup> Groups
)
{
    /// <summary>The document's schema.</summary>
    internal const string SchemaId = "das-audit/report-comparison/1";

    /// <summary>
    /// Whether the same inputs and settings gave the same scores, words and shares to the last digit.
    /// </summary>
    internal bool IsSame =>
        Inputs.Count == 0
        && Settings.Count == 0
        && Ranking.IsSame
        && GroupedBy is not null
        && Groups.All(group => group.A == group.B);

    /// <summary>Compares two reports.</summary>
    internal static ReportComparison Of(AuditReport a, AuditReport b)
    {
        var differences = ReportDifferences.Of(a, b);
        var isSameKey = a.GroupedBy == b.GroupedBy;
        return new(
            a.Id,
            b.Id,
            differences.GetValueOrDefault(DifferenceKind.Input, []),
            differences.GetValueOrDefault(DifferenceKind.Setting, []),
            differences.GetValueOrDefault(DifferenceKind.Circumstance, []),
            RankingComparison.Of(a, b),
            isSameKey ? a.GroupedBy : null,
            isSameKey ? ComparedGroup.Of(a.Groups, b.Groups) : []
        );
    }
}
