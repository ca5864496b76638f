using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Doctor;

internal sealed class DoctorCommand(
    IEnumerable<DoctorCheck> checks,
    PathExamination examination,
    AdapterSelection adapters,
    ToolOutput output
)
    : ToolCommand(
        "doctor",
        "Check what an audit needs: what works, what does not, what to do. With paths, say what each is taken for."
    )
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Models, image encoders or datasets to look at, instead of the machine.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Setting<string?> _buildBridge = Setting.Text(
        "--build-bridge",
        "DIR",
        "Instead of looking, compile LibTorchSharp for the PyTorch of python3, so that das-audit can compute with it; "
            + "DIR is what DASAUDIT_LIBTORCHSHARP then names"
    );

    private readonly Setting<string?> _torchSharpSource = Setting.Text(
        "--torchsharp-source",
        "DIR",
        "TorchSharp's source for --build-bridge; default: it is fetched from GitHub"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("doctor", "Whether the machine has what it needs."),
            ("doctor ddpm/ clip/ pictures/", "Files, schedule, preprocessing, splits and rights, as they are taken."),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_paths];

    protected override IReadOnlyList<ISetting> Settings => [.. adapters.All, _buildBridge, _torchSharpSource];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation) =>
        invocation.Get(_buildBridge) is { } folder
            ? BuildBridgeAsync(folder, invocation, cancellation)
            : Task.FromResult(Check(invocation, cancellation));

    private async Task<int> BuildBridgeAsync(string folder, Invocation invocation, CancellationToken cancellation)
    {
        var source = invocation.Get(_torchSharpSource) is { } given ? invocation.Resolve(given) : null;
        var libTorch = await BridgeBuilder
            .BuildAsync(invocation.Surroundings, invocation.Resolve(folder), source, output.Say, cancellation)
            .ConfigureAwait(false);
        output.SayUnbroken($"export {LibTorch.Variable}={CommandLineText.PosixArgument(libTorch)}");
        output.SayUnbroken(
            $"export {LibTorchBridge.Variable}={CommandLineText.PosixArgument(invocation.Resolve(folder))}"
        );
        return ExitCode.Done;
    }

    private int Check(Invocation invocation, CancellationToken cancellation)
    {
        var paths = invocation.Get(_paths);
        var lines =
            paths.Length == 0
                ? Machine(invocation, cancellation)
                : [.. paths.SelectMany(path => Look(path, invocation, cancellation))];
        if (invocation.Json)
            output.WriteJson(new ListDocument<DoctorLine>("das-audit/doctor/1", lines));
        else
            output.Write(Table(lines));
        var failed = lines.Any(line => line.Status == CheckStatus.Fail);
        return failed ? ExitCode.Error : ExitCode.Done;
    }

    private List<DoctorLine> Machine(Invocation invocation, CancellationToken cancellation)
    {
        var lines = new List<DoctorLine>();
        foreach (var check in checks)
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Add(DoctorLine.Of(null, check.Name, Run(check, invocation), invocation));
        }
        return lines;
    }

    private List<DoctorLine> Look(string path, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            var facts = examination.Examine(path, invocation, cancellation);
            return [.. facts.Select(line => DoctorLine.Of(path, line.Name, line.Result, invocation))];
        }
        catch (AuditException error)
        {
            return [DoctorLine.Of(path, "cannot be used", CheckResult.Fail(error.Message), invocation)];
        }
    }

    private static CheckResult Run(DoctorCheck check, Invocation invocation)
    {
        try
        {
            return check.Run(invocation);
        }
        catch (AuditException error)
        {
            return CheckResult.Fail(error.Message);
        }
#pragma warning disable CA1031 // The doctor goes on whatever happens; that is what it is for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var cause = error.GetBaseException();
            return CheckResult.Fail(
                $"{cause.GetType().Name}: {cause.Message}",
                "install das-audit again; if that does not help, report it"
            );
        }
    }

    private static Grid Table(IEnumerable<DoctorLine> lines)
    {
        var grid = Tables.Checks();
        string? path = null;
        foreach (var line in lines)
        {
            if (line.Path is not null && line.Path != path)
                grid.AddRow(Text.Empty, Text.Empty, Tables.Foreign(line.Path));
            path = line.Path;
            var mark =
                line.Status == CheckStatus.Warn
                    ? new Text("warn", Color.Yellow)
                    : Tables.Mark(line.Status == CheckStatus.Ok);
            grid.AddRow(mark, new Text(line.Name), Tables.Foreign(line.Detail));
            if (line.Remedy is { } remedy)
                grid.AddRow(Text.Empty, Text.Empty, Tables.Foreign($"→ {remedy}"));
        }
        return grid;
    }
}
