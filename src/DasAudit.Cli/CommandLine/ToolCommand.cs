using System.CommandLine;

namespace DasAudit.Cli.CommandLine;

/// <summary>
/// A command that does something. It comes from the container, which fills its constructor; the constructor adds arguments and settings and
/// does nothing else, because all commands are made for every command line, <c>--help</c> included.
/// </summary>
/// <param name="name">Name, lower case with dashes.</param>
/// <param name="description">One sentence for the help.</param>
internal abstract class ToolCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines worth showing in the help, without the program's name; each with a word on what it does.</summary>
    public virtual IReadOnlyList<(string CommandLine, string Does)> Examples => [];

    /// <summary>What the help explains below the options, such as the filter language; null for nothing.</summary>
    public virtual string? Notes => null;

    /// <summary>Does it, on a worker thread.</summary>
    /// <param name="invocation">Arguments and settings.</param>
    /// <param name="cancellation">Ctrl+C or SIGTERM.</param>
    /// <returns>One of <see cref="Shell.ExitCode"/>.</returns>
    /// <exception cref="Abstractions.AuditException">An expected failure; the message is printed and the exit code is 1.</exception>
    /// <exception cref="Shell.UsageException">Wrong usage; the message is printed and the exit code is 64.</exception>
    public abstract Task<int> RunAsync(Invocation invocation, CancellationToken cancellation);
}
