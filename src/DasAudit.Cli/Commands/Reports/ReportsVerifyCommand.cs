using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsVerifyCommand(ReportStores stores, ToolOutput output)
    : ToolCommand(
        "verify",
        "Is a stored report, a bundle or a proof what it was? Compares a stored report's text, pictures and record in "
            + "the store's chain with their hashes; of a bundle every byte, and its signatures. Exits with 3 if not."
    )
{
    private readonly Argument<string> _id = new("ID|FILE")
    {
        Description = "A stored report's id, a bundle, or a proof, whose name ends with .json.",
    };
    private readonly FileVerification _files = new(output);

    public override string Notes =>
        """
            Of a stored report, the end of the chain is compared with the store's .head file too. The records between
            are not read: 'store check' verifies them all.
            Of a bundle without --key, only contradictions are found: whoever can make a bundle can make one that has
            none. Get the signer's public key from elsewhere, and compare its id.
            """;

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports verify 01J9.dasaudit.zip --key lab.pub.pem", "Is it unaltered, and did lab sign it?"),
            ("reports verify proof.json --key lab.pub.pem", "Does a statement that lab signed lead to this proof?"),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_id];

    protected override IReadOnlyList<ISetting> Settings => _files.Settings;

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (ReportArguments.IsFile(invocation.Get(_id)))
            return Task.FromResult(_files.Run(invocation, invocation.Get(_id)));
        if (_files.Settings.FirstOrDefault(setting => invocation.Source(setting)?.StartsWith('-') == true) is { } given)
            throw new UsageException($"{given.Name} is for bundles and proofs; a stored report has no signature.");
        try
        {
            using var store = stores.OpenToRead(invocation.Store);
            var id = store.Get(invocation.Get(_id)).Report.Id;
            Print(invocation, id, store.Record(RecordKind.Report, id));
            return Task.FromResult(ExitCode.Done);
        }
        catch (DamagedStoreException e) when (invocation.Json)
        {
            output.WriteJson(Document(invocation.Get(_id), null, e.What));
            return Task.FromResult(ExitCode.Mismatch);
        }
        catch (DamagedStoreException e)
        {
            output.Fail(e.Message);
            return Task.FromResult(ExitCode.Mismatch);
        }
    }

    private void Print(Invocation invocation, string id, ChainRecord? record)
    {
        if (invocation.Json)
        {
            output.WriteJson(Document(id, record, null));
            return;
        }

        var grid = Tables.Pairs();
        grid.AddPair("report", id);
        grid.AddPair("record", record is null ? "none: the store is of an older das-audit" : $"{record.Sequence}");
        if (record is not null)
        {
            grid.AddPair("its text", record.Sha256);
            grid.AddPair("its record", record.Hash);
        }

        grid.AddRow(Tables.Mark(passed: true), new Text("the report is what was stored"));
        output.Write(grid);
    }

    private static object Document(string id, ChainRecord? record, string? difference) =>
        new
        {
            schema = "das-audit/report-verification/1",
            id,
            unaltered = difference is null,
            difference,
            record = record?.Sequence,
            sha256 = record?.Sha256,
            recordHash = record?.Hash,
        };
}
