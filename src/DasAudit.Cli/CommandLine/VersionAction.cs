using System.CommandLine;
using System.CommandLine.Invocation;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.CommandLine;

/// <summary>Prints version and commit.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var tool = ToolVersion.Current;
        terminal.Out.WriteLine($"das-audit {tool.Version} ({tool.Commit})");
        return ExitCode.Done;
    }
}
