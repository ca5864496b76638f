namespace DasAudit.Core.Datasets.Licenses;

/// <summary>One licence of an expression.</summary>
/// <param name="Id">As SPDX's list spells it; as written where the list has none.</param>
/// <param name="IsKnown">Whether the list has it, or it is a <c>LicenseRef-</c>.</param>
/// <param name="OrLater">Whether a <c>+</c> follows.</param>
/// <param name="Exception">What follows WITH; null for nothing.</param>
/// <param name="IsExceptionKnown">Whether the list has the exception; true for none.</param>
internal sealed record LicenseTerm(
    string Id,
    bool IsKnown,
    bool OrLater,
    string? Exception = null,
    bool IsExceptionKnown = true
) : LicenseExpression
{
    public override IEnumerable<LicenseTerm> Terms => [this];

    public override string ToString() => Id + (OrLater ? "+" : "") + (Exception is null ? "" : $" WITH {Exception}");
}
