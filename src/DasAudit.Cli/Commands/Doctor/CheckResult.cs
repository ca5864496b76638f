namespace DasAudit.Cli.Commands.Doctor;

/// <summary>What a check found, and what to do about it; null if nothing need be done.</summary>
internal sealed record CheckResult(CheckStatus Status, string Detail, string? Remedy = null)
{
    public static CheckResult Ok(string detail) => new(CheckStatus.Ok, detail);

    public static CheckResult Warn(string detail, string remedy) => new(CheckStatus.Warn, detail, remedy);

    public static CheckResult Fail(string detail, string? remedy = null) => new(CheckStatus.Fail, detail, remedy);
}
