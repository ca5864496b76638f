using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Queries;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands.Stores;

internal sealed class StoreCheckCommand(ReportStores stores, ProgressReporter reporter, ToolOutput output)
    : ToolCommand(
        "check",
        "Verify every record of the store: is it what was written, in its order, and are all there? "
            + "Exits with 3 if not."
    )
{
    private readonly Setting<string?> _head = Setting.Text(
        "--head",
        "FILE",
        "A copy of the store's .head file, kept elsewhere since: its records must still be there unaltered"
    );

    private readonly Setting<bool> _newHead = Setting.Flag(
        "--new-head",
        "Make the .head file anew where it is missing and every record is sound"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("store check", "One screen on the whole store."),
            ("store check --head /mnt/elsewhere/audits.db.head", "Nothing was rewritten since that copy was made."),
        ];

    public override string Notes =>
        "Whoever can write to the store and its .head file can rewrite both from some record on. A copy of the .head "
        + "file kept where he cannot write shows that; so does a signed bundle of a later report.";

    protected override IReadOnlyList<ISetting> Settings => [_head, _newHead];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var anchor = invocation.Get(_head) is { } path ? Read(invocation, path) : null;
        var connection = stores.Connect(invocation.Store);
        var result = await reporter
            .RunAsync(progress => new StoreChecker(connection, anchor).Run(progress, cancellation))
            .ConfigureAwait(false);
        var isNew = invocation.Get(_newHead) && HeadRenewal.Run(connection, result);
        if (isNew)
            result = result with { Findings = [] };
        if (result is { IsSound: true, Index: { } index })
            RenewIndex(connection, index);
        var shown = invocation.Surroundings.Show(invocation.Store);
        if (invocation.Json)
            output.WriteJson(StoreCheckView.Document(shown, result));
        else
            output.Write(StoreCheckView.Of(shown, result));
        if (isNew)
            output.Say($"Wrote {invocation.Surroundings.Show(connection.HeadFile.Path)}.");
        return result.IsSound ? ExitCode.Done : ExitCode.Mismatch;
    }

    // The index is derived from records that were just found sound, so it is no evidence, and nothing is lost with it.
    private void RenewIndex(StoreConnection connection, IndexFinding index)
    {
        var cause = index.IsMissing
            ? $"The index ended before record {index.Record}"
            : $"The index said something else of record {index.Record} than the report, so queries may have been wrong";
        try
        {
            new StoreIndex(connection).Renew();
            output.Say($"{cause}; it was made anew.");
        }
        catch (AuditException error)
        {
            output.Say($"{cause}; it could not be made anew. {error.Message}");
        }
    }

    private static ChainHead Read(Invocation invocation, string path)
    {
        try
        {
            return HeadFile.Read(invocation.Resolve(path));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new AuditException($"'{path}' is no .head file of a store as it was written; give another copy.", e);
        }
    }
}
