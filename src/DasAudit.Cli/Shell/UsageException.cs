namespace DasAudit.Cli.Shell;

/// <summary>Wrong usage: printed with a hint to the help; exit code 64.</summary>
/// <param name="errors">One sentence each.</param>
internal sealed class UsageException(params IReadOnlyList<string> errors) : AuditException(string.Join(' ', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
