using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A command that ends as it is told.</summary>
internal sealed class EndingCommand(EndingCommand.Ending ending) : ToolCommand("end", "Ends.")
{
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation) =>
        await ending(cancellation);

    public delegate Task<int> Ending(CancellationToken cancellation);
}
