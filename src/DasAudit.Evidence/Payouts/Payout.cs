using System.Globalization;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Payouts;

/// <summary>How an amount is divided by the shares of a report's rights holders.</summary>
/// <param name="Lines">Their amounts sum to <paramref name="Total"/>.</param>
/// <param name="Unattributed">What of the total is nobody's by the report; part of the lines.</param>
/// <param name="Notes">What to know before anybody is paid, in sentences.</param>
internal sealed record Payout(
    string Report,
    decimal Total,
    string Currency,
    IReadOnlyList<PayoutLine> Lines,
    decimal Unattributed,
    IReadOnlyList<string> Notes
)
{
    /// <summary>The document's schema.</summary>
    internal const string SchemaId = "das-audit/payout/1";

    private const double Significance = 0.05;

    /// <summary>Divides a total; amounts of holders do not depend on how they are split further.</summary>
    /// <param name="total">Above 0, of no more decimals than <paramref name="decimals"/>.</param>
    /// <param name="decimals">Decimals of the currency's smallest unit.</param>
    /// <exception cref="AuditException">The report has no shares of rights holders.</exception>
    internal static Payout Of(AuditReport report, decimal total, string currency, int decimals, SplitTable splits)
    {
        Check(report);
        var unit = Unit(decimals);
        var units = (long)(total / unit);
        decimal[] shares = [.. report.Groups.Select(group => (decimal)group.Share)];
        var lines = new List<PayoutLine>();
        if (shares.All(share => share == 0))
            lines.Add(new(null, null, 0, null, null, 1, total, null, null, null));
        else
        {
            var ofHolders = LargestRemainder.Divide(units, shares);
            foreach (var (group, amount) in report.Groups.Zip(ofHolders))
                lines.AddRange(LinesOf(group, amount, total, unit, splits));
        }

        var unattributed = lines.Where(line => line.Payee is null).Sum(line => line.Amount);
        return new(report.Id, total, currency, lines, unattributed, [.. NotesOn(report, splits)]);
    }

    private static IEnumerable<PayoutLine> LinesOf(
        GroupShare group,
        long units,
        decimal total,
        decimal unit,
        SplitTable splits
    )
    {
        if (group.Key == GroupKey.NotStated)
        {
            yield return Line(group, null, null, 1, units, total, unit);
            yield break;
        }

        var parts = splits.Of(group.Key);
        var amounts = LargestRemainder.Divide(units, [.. parts.Select(part => part.Part)]);
        foreach (var (part, amount) in parts.Zip(amounts))
            yield return Line(group, group.Key, part.Payee, part.Part, amount, total, unit);
    }

    private static PayoutLine Line(
        GroupShare group,
        string? holder,
        string? payee,
        decimal part,
        long units,
        decimal total,
        decimal unit
    )
    {
        return new(
            holder,
            payee,
            group.Share,
            group.Low,
            group.High,
            part,
            units * unit,
            Bound(group.Low),
            Bound(group.High),
            group.QValue
        );

        decimal? Bound(double? share) =>
            share is { } bound ? decimal.Round(total * (decimal)bound * part / unit) * unit : null;
    }

    private static decimal Unit(int decimals) => new(1, 0, 0, isNegative: false, (byte)decimals);

    private static void Check(AuditReport report)
    {
        if (report.GroupedBy != GroupKey.RightsHolder.Name)
            throw new AuditException(
                $"The report's shares are by {report.GroupedBy}, and nobody is paid by that; audit again with "
                    + $"{Core.Files.Settings.Name("group-by")} {GroupKey.RightsHolder.Name}."
            );
        if (report.Groups.Count == 0)
            throw new AuditException(
                "The report has no shares, so nothing can be divided by them; take another report."
            );
    }

    private static IEnumerable<string> NotesOn(AuditReport report, SplitTable splits)
    {
        if (ScoreInfo.Of(report.Method).Kind != ScoreKind.Influence)
            yield return $"The method {report.Method.Id} scores resemblance, which is no evidence that the model "
                + "learnt anything from the pictures.";
        if (report.Candidates.Count < report.Dataset.Count)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Shares are parts of the {report.Candidates.Count} pictures that were scored; the other "
                    + $"{report.Dataset.Count - report.Candidates.Count} of the dataset get nothing."
            );
        if (report.Groups.All(group => group.Low is null))
            yield return "The shares have no intervals.";
        var chance = report
            .Groups.Where(group => group.QValue > Significance)
            .Select(group => $"'{group.Key}'")
            .ToList();
        if (chance.Count > 0)
            yield return $"Shares that do not stand out from chance (q above 0.05): {string.Join(", ", chance)}.";
        var keys = report.Groups.Select(group => group.Key).ToList();
        var absent = splits.Holders.Where(holder => !keys.Contains(holder, StringComparer.Ordinal)).ToList();
        if (absent.Count > 0)
            yield return "The table splits what holders get that have no share in the report: "
                + $"{string.Join(", ", absent.Select(holder => $"'{holder}'"))}.";
    }
}
