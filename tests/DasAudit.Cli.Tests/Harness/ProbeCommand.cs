using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A command with every kind of setting, which prints what they came to.</summary>
internal sealed class ProbeCommand : ToolCommand
{
    private readonly Setting<int> _top = Setting.Number("--top", "N", "How many", 1, 100, 20);
    private readonly Setting<double?> _part = Setting.OptionalNumber("--part", "P", "How much", 0.0, 1.0, "all");
    private readonly Setting<string?> _title = Setting.Text("--title", "TEXT", "A title");
    private readonly Setting<string> _kind = Setting.OneOf("--kind", "A kind", "plain", "fancy");
    private readonly Setting<IReadOnlyList<string>> _owner = Setting.Texts("--include-owner", "NAME", "Owners");
    private readonly Setting<bool> _strict = Setting.Flag("--strict", "Refuse");
    private readonly CommonSettings _common;
    private readonly ToolOutput _output;

    public ProbeCommand(CommonSettings common, ToolOutput output)
        : base("probe", "Prints its settings.")
    {
        (_common, _output) = (common, output);
        foreach (var setting in new System.CommandLine.Option[] { _top, _part, _title, _kind, _owner, _strict })
            Options.Add(setting);
    }

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        _output.WriteJson(
            new
            {
                top = invocation.Get(_top),
                part = invocation.Get(_part),
                title = invocation.Get(_title),
                kind = invocation.Get(_kind),
                owners = invocation.Get(_owner),
                strict = invocation.Get(_strict),
                seed = invocation.Get(_common.Seed),
                topSource = invocation.Source(_top),
            }
        );
        return Task.FromResult(ExitCode.Done);
    }
}

/// <summary>A command with a required setting.</summary>
internal sealed class NeedyCommand : ToolCommand
{
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model");
    private readonly ToolOutput _output;

    public NeedyCommand(ToolOutput output)
        : base("needy", "Needs a model.")
    {
        _output = output;
        Options.Add(_model);
    }

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        _output.WriteText(invocation.Get(_model));
        return Task.FromResult(ExitCode.Done);
    }
}

/// <summary>A command that ends as it is told.</summary>
internal sealed class EndingCommand(EndingCommand.Ending ending) : ToolCommand("end", "Ends.")
{
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation) =>
        await ending(cancellation);

    public delegate Task<int> Ending(CancellationToken cancellation);
}
