using DasAudit.Core.Files;

namespace DasAudit.Evidence.Payouts;

/// <summary>A payout as CSV.</summary>
internal static class PayoutTable
{
    /// <summary>What stands for a holder or payee that there is none of.</summary>
    internal const string Nobody = "(unattributed)";

    private static readonly (string Name, Func<Payout, PayoutLine, object?> Value)[] Columns =
    [
        ("report", (payout, _) => payout.Report),
        ("rights_holder", (_, line) => line.Holder ?? GroupKey.NotStated),
        ("payee", (_, line) => line.Payee ?? Nobody),
        ("share", (_, line) => line.Share),
        ("share_low", (_, line) => line.Low),
        ("share_high", (_, line) => line.High),
        ("part", (_, line) => line.Part),
        ("amount", (_, line) => line.Amount),
        ("amount_low", (_, line) => line.AmountLow),
        ("amount_high", (_, line) => line.AmountHigh),
        ("currency", (payout, _) => payout.Currency),
        ("q_value", (_, line) => line.QValue),
    ];

    /// <summary>Writes a line for each payee.</summary>
    internal static void Write(Payout payout, TextWriter writer) =>
        CsvText.Write(
            writer,
            Columns.Select(column => column.Name),
            payout.Lines.Select(line => Columns.Select(column => column.Value(payout, line)))
        );
}
