namespace DasAudit.Cli.Commands.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Status">How it came out.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do about it; null if nothing need be done.</param>
internal sealed record CheckResult(CheckStatus Status, string Detail, string? Remedy = null)
{
    /// <summary>It works.</summary>
    public static CheckResult Ok(string detail) => new(CheckStatus.Ok, detail);

    /// <summary>It works, with a drawback.</summary>
    public static CheckResult Warn(string detail, string remedy) => new(CheckStatus.Warn, detail, remedy);

    /// <summary>It does not work.</summary>
    public static CheckResult Fail(string detail, string? remedy = null) => new(CheckStatus.Fail, detail, remedy);
}
