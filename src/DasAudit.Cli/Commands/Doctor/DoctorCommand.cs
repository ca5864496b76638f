using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Doctor;

internal sealed class DoctorCommand(IEnumerable<DoctorCheck> checks, ToolOutput output)
    : ToolCommand("doctor", "Check what an audit needs: what works, what does not, what to do.")
{
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var lines = new List<Line>();
        foreach (var check in checks)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = Run(check, invocation);
            lines.Add(new(check.Name, result.Status, invocation.WithOptionNames(result.Detail), result.Remedy));
        }
        if (invocation.Json)
            output.WriteJson(new ListDocument<Line>("das-audit/doctor/1", lines));
        else
            output.Write(Table(lines));
        var failed = lines.Any(line => line.Status == CheckStatus.Fail);
        return Task.FromResult(failed ? ExitCode.Error : ExitCode.Done);
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

    private static Grid Table(IEnumerable<Line> lines)
    {
        var grid = Tables.Checks();
        foreach (var line in lines)
        {
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

    private sealed record Line(string Name, CheckStatus Status, string Detail, string? Remedy);
}
