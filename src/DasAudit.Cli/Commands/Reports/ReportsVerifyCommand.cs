using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsVerifyCommand(ReportStores stores, ToolOutput output)
    : ToolCommand(
        "verify",
        "Is a stored report what was stored? Compares its text, its pictures and its record in the store's chain with "
            + "their hashes. Exits with 3 if not."
    )
{
    private readonly Argument<string> _id = ReportArguments.Id();

    public override string Notes =>
        "The end of the chain is compared with the store's .head file too. The records between are not read: "
        + "'store check' verifies them all.";

    protected override IReadOnlyList<Argument> Positionals => [_id];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
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

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        grid.AddRow("report", id);
        grid.AddRow("record", record is null ? "none: the store is of an older das-audit" : $"{record.Sequence}");
        if (record is not null)
        {
            grid.AddRow("its text", record.Sha256);
            grid.AddRow("its record", record.Hash);
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
