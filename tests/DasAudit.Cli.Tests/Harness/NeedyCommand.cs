using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A command with a required setting, which it prints.</summary>
internal sealed class NeedyCommand(ToolOutput output) : ToolCommand("needy", "Needs a model.")
{
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model");

    protected override IReadOnlyList<ISetting> Settings => [_model];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        output.WriteText(writer => writer.Write(invocation.Get(_model)));
        return Task.FromResult(ExitCode.Done);
    }
}
