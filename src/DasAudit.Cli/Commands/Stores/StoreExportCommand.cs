using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Cli.Commands.Stores;

internal sealed class StoreExportCommand(ReportStores stores, ProgressReporter reporter, ToolOutput output)
    : ToolCommand(
        "export",
        "Write all records as plain files, which can be read and verified without a database: "
            + "the store should not be the only copy."
    )
{
    private readonly Setting<string> _target = Setting.Required(
        "--output",
        "PATH",
        "A folder to make, or a file that ends with .zip"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("store export --output evidence/", "A folder of canonical JSON, pictures and the chain of hashes."),
            ("store export --output evidence.zip", "The same in one file; 'store restore' takes either."),
        ];

    protected override IReadOnlyList<ISetting> Settings => [_target];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var target = invocation.Get(_target);
        var connection = stores.Connect(invocation.Store);
        var head = await reporter
            .RunAsync(progress => StoreExport.Write(connection, invocation.Resolve(target), progress))
            .ConfigureAwait(false);
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/store-export/1",
                    file = target,
                    records = head.Count,
                    hash = head.Hash,
                }
            );
        else
            output.Say($"Wrote {Numbers.Count(head.Count, "record")} to {target}.");
        return ExitCode.Done;
    }
}
