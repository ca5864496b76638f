using System.CommandLine;
using System.CommandLine.Invocation;

namespace DasAudit.Cli.CommandLine;

internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var tool = ToolVersion.Current;
        terminal.Out.WriteLine($"das-audit {tool.Version} ({tool.Commit})");
        return ExitCode.Done;
    }
}
