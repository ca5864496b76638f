using System.CommandLine;
using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Planning;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Audits;

internal sealed class PlanCommand(AuditRunner runner, AdapterSelection adapters, ToolOutput output)
    : ToolCommand(
        "plan",
        "Say what an audit, or features build, will take in time, memory and disk, by trying a little of each stage."
    )
{
    private readonly AuditSettings _settings = new(
        ArgumentArity.ZeroOrMore,
        "Generated pictures to audit; without any, the features of the whole dataset are planned.",
        "The pictures the model was trained on"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("plan --model ddpm/ --dataset pictures/", "What features build would take."),
            ("plan picture.png --model ddpm/ --dataset pictures/ --candidates all", "What this audit would take."),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_settings.Images];

    protected override IReadOnlyList<ISetting> Settings => _settings.All(adapters.All);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var plan = await runner.PlanAsync(_settings.Read(invocation), invocation, cancellation).ConfigureAwait(false);
        if (invocation.Json)
            output.WriteJson(Document(plan));
        else
        {
            output.Write(Table(plan));
            if (plan.PassSeconds is { } seconds)
                output.Say(
                    string.Create(CultureInfo.InvariantCulture, $"One noised picture, there and back: {seconds:G2} s.")
                );
            output.Say($"Memory: {Numbers.Bytes(plan.MemoryBytes)}. Disk: {Numbers.Bytes(plan.DiskBytes)}.");
        }
        return ExitCode.Done;
    }

    private static object Document(RunPlan plan) =>
        new
        {
            schema = "das-audit/plan/1",
            stages = plan.Stages,
            seconds = plan.Seconds,
            secondsPerPass = plan.PassSeconds,
            memoryBytes = plan.MemoryBytes,
            diskBytes = plan.DiskBytes,
        };

    private static Table Table(RunPlan plan)
    {
        var table = Tables.Simple(
            new TableColumn("stage"),
            new TableColumn("pictures").RightAligned(),
            new TableColumn("time").RightAligned()
        );
        foreach (var stage in plan.Stages)
            table.AddRow(
                new Text(stage.Stage),
                new Text(Numbers.Count(stage.Pictures)),
                new Text(Duration(stage.Seconds))
            );
        return table.AddRow(new Text("all"), Text.Empty, new Text(Duration(plan.Seconds)));
    }

    private static string Duration(double seconds) => Numbers.Duration(TimeSpan.FromSeconds(seconds));
}
