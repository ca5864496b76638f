using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Evidence.Exports;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary><c>doctor</c>.</summary>
internal sealed class DoctorCommand(IEnumerable<IDoctorCheck> checks, CommonSettings common, ToolOutput output)
    : ToolCommand("doctor", "Check what an audit needs: what works, what does not, what to do.")
{
    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var results = new List<(string Name, CheckResult Result)>();
        foreach (var check in checks)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add((check.Name, Run(check, invocation)));
        }
        if (invocation.Get(common.Json))
            output.WriteJson(
                new ListDocument<object>(
                    "das-audit/doctor/1",
                    [
                        .. results.Select(found => new
                        {
                            found.Name,
                            found.Result.Status,
                            found.Result.Detail,
                            found.Result.Remedy,
                        }),
                    ]
                )
            );
        else
            output.Write(Table(results));
        return Task.FromResult(
            results.Any(found => found.Result.Status == CheckStatus.Fail) ? ExitCode.Error : ExitCode.Done
        );
    }

    private static CheckResult Run(IDoctorCheck check, Invocation invocation)
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

    private static Grid Table(IEnumerable<(string Name, CheckResult Result)> results)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, result) in results)
        {
            var (mark, colour) = result.Status switch
            {
                CheckStatus.Ok => ("ok", Color.Green),
                CheckStatus.Warn => ("warn", Color.Yellow),
                _ => ("FAIL", Color.Red),
            };
            grid.AddRow(new Text(mark, colour), new Text(name), new Text(VisibleText.Of(result.Detail)));
            if (result.Remedy is { } remedy)
                grid.AddRow(Text.Empty, Text.Empty, new Text("→ " + VisibleText.Of(remedy)));
        }
        return grid;
    }
}
