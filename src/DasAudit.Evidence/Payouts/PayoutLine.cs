using System.Text.Json.Serialization;

namespace DasAudit.Evidence.Payouts;

/// <summary>What a payee gets by a report's shares.</summary>
/// <param name="Holder">The rights holder; null for pictures that state none.</param>
/// <param name="Payee">Who is paid; null for an amount that nobody can be paid.</param>
/// <param name="Share">The holder's share, 0 … 1.</param>
/// <param name="Low">Lower end of its 95 % interval; null without one.</param>
/// <param name="High">Upper end.</param>
/// <param name="Part">The payee's part of what is the holder's.</param>
/// <param name="Amount">In the currency; all amounts sum to the total.</param>
/// <param name="AmountLow">What the lower end of the interval would come to, rounded; null without one.</param>
/// <param name="AmountHigh">The upper end.</param>
/// <param name="QValue">Of the holder's share; null where it was not tested.</param>
internal sealed record PayoutLine(
    string? Holder,
    string? Payee,
    double Share,
    double? Low,
    double? High,
    decimal Part,
    decimal Amount,
    decimal? AmountLow,
    decimal? AmountHigh,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? QValue
);
