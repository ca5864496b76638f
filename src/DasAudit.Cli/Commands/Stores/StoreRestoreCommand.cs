using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Cli.Commands.Stores;

internal sealed class StoreRestoreCommand(ReportStores stores, ProgressReporter reporter, ToolOutput output)
    : ToolCommand(
        "restore",
        "Make a store at --store of an export, verified record by record. A store that is there is never overwritten. "
            + "Exits with 3 if the export is not what was written."
    )
{
    private readonly Argument<string> _source = new("EXPORT")
    {
        Description = "The folder or zip file of 'store export'.",
    };

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("store restore evidence.zip --store restored.db", "A new store with the same records and chain.")];

    protected override IReadOnlyList<Argument> Positionals => [_source];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var source = invocation.Resolve(invocation.Get(_source));
        var connection = stores.Connect(invocation.Store);
        var shown = invocation.Surroundings.Show(invocation.Store);
        try
        {
            var head = await reporter
                .RunAsync(progress => StoreRestore.Run(connection, source, progress))
                .ConfigureAwait(false);
            if (invocation.Json)
                output.WriteJson(
                    new
                    {
                        schema = "das-audit/store-restore/1",
                        store = shown,
                        records = head.Count,
                        hash = head.Hash,
                    }
                );
            else
                output.Say($"Restored {Numbers.Count(head.Count, "record")} to {shown}.");
            return ExitCode.Done;
        }
        catch (DamagedStoreException e)
        {
            output.Fail(e.Message);
            return ExitCode.Mismatch;
        }
    }
}
