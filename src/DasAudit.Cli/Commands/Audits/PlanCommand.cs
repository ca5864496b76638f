using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Audits;

/// <summary><c>plan [IMAGE…] --model DIR --dataset DIR</c>.</summary>
internal sealed class PlanCommand : ToolCommand
{
    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "Generated pictures to audit; without, the features of the whole dataset.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model that made the pictures");
    private readonly Setting<string> _dataset = Setting.Required(
        "--dataset",
        "DIR",
        "The pictures the model was trained on"
    );
    private readonly AuditSettings _settings = new();
    private readonly AuditRunner _runner;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public PlanCommand(
        AuditRunner runner,
        AdapterSelection adapters,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base(
            "plan",
            "Say what an audit, or features build, will take in time, memory and disk, by trying a little of each stage."
        )
    {
        (_runner, _common, _surroundings, _output) = (runner, common, surroundings, output);
        Arguments.Add(_images);
        foreach (var setting in new ISetting[] { _model, _dataset, adapters.Adapter }.Concat(_settings.All))
            Options.Add((Option)setting);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("plan --model ddpm/ --dataset pictures/", "What features build would take."),
            ("plan picture.png --model ddpm/ --dataset pictures/ --candidates all", "What this audit would take."),
        ];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var inputs = new AuditInputs(
            invocation.Get(_images),
            invocation.Get(_model),
            invocation.Get(_dataset),
            invocation.Get(_settings.Encoder)
        );
        var plan = await _runner
            .PlanAsync(
                inputs,
                _surroundings.Resolve(invocation.Get(_common.Store)),
                invocation,
                request => _settings.Apply(invocation, request, _surroundings, invocation.Get(_common.Seed)),
                cancellation
            )
            .ConfigureAwait(false);
        if (invocation.Get(_common.Json))
        {
            _output.WriteJson(
                new
                {
                    schema = "das-audit/plan/1",
                    stages = plan.Stages,
                    seconds = plan.Seconds,
                    memoryBytes = plan.MemoryBytes,
                    diskBytes = plan.DiskBytes,
                }
            );
            return ExitCode.Done;
        }

        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn("stage")
            .AddColumn(new TableColumn("pictures").RightAligned())
            .AddColumn(new TableColumn("time").RightAligned());
        foreach (var stage in plan.Stages)
            table.AddRow(
                new Text(stage.Stage),
                new Text(Numbers.Count(stage.Pictures)),
                new Text(Duration(stage.Seconds))
            );
        table.AddRow(new Text("all"), new Text(""), new Text(Duration(plan.Seconds)));
        _output.Write(table);
        _output.Say($"Memory: {Numbers.Bytes(plan.MemoryBytes)}. Disk: {Numbers.Bytes(plan.DiskBytes)}.");
        return ExitCode.Done;
    }

    private static string Duration(double seconds) => Numbers.Duration(TimeSpan.FromSeconds(seconds));
}
