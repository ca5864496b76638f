using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A command with every kind of setting, which prints what they came to.</summary>
internal sealed class ProbeCommand(ToolOutput output) : ToolCommand("probe", "Prints its settings.")
{
    private readonly Setting<int> _top = Setting.Number("--top", "N", "How many", 1, 100, 20);
    private readonly Setting<double?> _part = Setting.OptionalNumber("--part", "P", "How much", 0.0, 1.0, "all");
    private readonly Setting<string?> _title = Setting.Text("--title", "TEXT", "A title");
    private readonly Setting<string> _kind = Setting.Choice("--kind", "A kind", ("plain", "plain"), ("fancy", "fancy"));
    private readonly Setting<IReadOnlyList<string>> _owner = Setting.Texts("--include-owner", "NAME", "Owners");

    private readonly Setting<IReadOnlyList<int>> _number = Setting.CommaList(
        "--number",
        "N",
        "Numbers",
        text => int.TryParse(text, out var number) ? number : throw new FormatException($"takes numbers, not '{text}'.")
    );

    private readonly Setting<bool> _strict = Setting.Flag("--strict", "Refuse");

    protected override IReadOnlyList<ISetting> Settings => [_top, _part, _title, _kind, _owner, _number, _strict];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        output.WriteJson(
            new
            {
                top = invocation.Get(_top),
                part = invocation.Get(_part),
                title = invocation.Get(_title),
                kind = invocation.Get(_kind),
                owners = invocation.Get(_owner),
                numbers = invocation.Get(_number),
                strict = invocation.Get(_strict),
                seed = invocation.Seed,
                topSource = invocation.Source(_top),
            }
        );
        return Task.FromResult(ExitCode.Done);
    }
}
