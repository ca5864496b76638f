namespace DasAudit.Evidence.Payouts;

/// <summary>A payee's part of what is a rights holder's.</summary>
/// <param name="Holder">The rights holder, as the dataset states it.</param>
/// <param name="Part">Above 0; the parts of a holder sum to 1.</param>
internal sealed record SplitPart(string Holder, string Payee, decimal Part);
