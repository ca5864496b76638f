namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Two or more expressions joined by one operator.</summary>
/// <param name="IsChoice">OR, where one of them suffices; else AND, where all hold.</param>
internal sealed record LicenseJoint(bool IsChoice, IReadOnlyList<LicenseExpression> Parts) : LicenseExpression
{
    public override IEnumerable<LicenseTerm> Terms => Parts.SelectMany(part => part.Terms);

    public override string ToString() => string.Join(IsChoice ? " OR " : " AND ", Parts.Select(Enclosed));

    private string Enclosed(LicenseExpression part) =>
        part is LicenseJoint { IsChoice: true } && !IsChoice ? $"({part})" : part.ToString()!;
}
