using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Cli.Commands.Stores;

internal sealed class StoreCompactCommand(ReportStores stores, ProgressReporter reporter, ToolOutput output)
    : ToolCommand(
        "compact",
        "Write the store anew into as few pages as it needs, verify that it holds the same chain, and put it in place. "
            + "The old file is kept."
    )
{
    private readonly Setting<bool> _discard = Setting.Flag("--discard-old", "Do not keep the old file");

    public override string Notes =>
        $"The old file is kept as FILE{StoreCompaction.OldSuffix}; delete it when the new one has proved itself. "
        + "Other processes wait meanwhile.";

    protected override IReadOnlyList<ISetting> Settings => [_discard];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var keepOld = !invocation.Get(_discard);
        var connection = stores.Connect(invocation.Store);
        var (before, after) = await reporter
            .RunAsync(progress => StoreCompaction.Run(connection, keepOld, progress))
            .ConfigureAwait(false);
        var old = keepOld ? invocation.Surroundings.Show(invocation.Store + StoreCompaction.OldSuffix) : null;
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/store-compact/1",
                    before,
                    after,
                    old,
                }
            );
        else
            output.Say(
                $"The store has {Numbers.Bytes(after)} now; it had {Numbers.Bytes(before)}"
                    + (old is null ? "." : $", kept as {old}.")
            );
        return ExitCode.Done;
    }
}
