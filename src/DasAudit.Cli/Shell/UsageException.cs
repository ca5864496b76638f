using DasAudit.Abstractions;

namespace DasAudit.Cli.Shell;

/// <summary>The command was used wrongly: printed like any <see cref="AuditException"/>, with a hint to the help, and exits with 64.</summary>
/// <param name="errors">One sentence each.</param>
internal sealed class UsageException(params IReadOnlyList<string> errors) : AuditException(string.Join(' ', errors))
{
    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
