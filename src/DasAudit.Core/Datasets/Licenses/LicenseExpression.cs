namespace DasAudit.Core.Datasets.Licenses;

/// <summary>A licence expression of SPDX: a licence, or several joined by AND or OR.</summary>
internal abstract record LicenseExpression
{
    /// <summary>The licences that it names, from left to right.</summary>
    public abstract IEnumerable<LicenseTerm> Terms { get; }
}
