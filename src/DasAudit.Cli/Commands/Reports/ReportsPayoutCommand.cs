using System.CommandLine;
using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Evidence.Payouts;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsPayoutCommand(ReportStores stores, ToolOutput output)
    : ToolCommand(
        "payout",
        "Divide an amount by the shares of a report's rights holders: a line for each payee, in cents that sum to the "
            + "amount."
    )
{
    private const string StandardOutput = "-";
    private const decimal Most = 1_000_000_000_000;

    private readonly Argument<string> _id = ReportArguments.Id();
    private readonly Setting<decimal?> _total = Setting.OptionalNumber<decimal>(
        "--total",
        "AMOUNT",
        "The amount to divide; required",
        0,
        Most,
        "none"
    );
    private readonly Setting<string> _currency = Setting.Text(
        "--currency",
        "CODE",
        "The currency that the lines name",
        "EUR"
    );
    private readonly Setting<int> _decimals = Setting.Number(
        "--decimals",
        "N",
        "Decimals of the currency's smallest unit",
        0,
        6,
        2
    );
    private readonly Setting<string?> _splits = Setting.Text(
        "--splits",
        "FILE.csv",
        "Among whom the holders' amounts are split: lines of holder, payee and part (0.25), which sum to 1 for each "
            + "holder; a holder that it does not name is its own payee"
    );
    private readonly Setting<string> _file = Setting.Text(
        "--output",
        "FILE",
        $"Where to write, {StandardOutput} for standard output",
        StandardOutput
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports payout 01J9 --total 1000 --output payout.csv", "A thousand euros by the report's shares."),
            ("reports payout 01J9 --total 1000 --splits splits.csv", "The same, split further among payees."),
        ];

    public override string Notes =>
        """
            Cents go by the largest remainder, first among holders, then among each holder's payees.
            What belongs to pictures without a holder stays '(unattributed)'. amount_low and amount_high
            are what the ends of the share's 95 % interval would come to. Shares are estimates: what
            they can be used for is for people to agree.
            """;

    protected override IReadOnlyList<Argument> Positionals => [_id];

    protected override IReadOnlyList<ISetting> Settings => [_total, _currency, _decimals, _splits, _file];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var payout = Divide(invocation);
        var file = invocation.Get(_file);
        if (file != StandardOutput)
        {
            AtomicFile.Write(invocation.Resolve(file), (TextWriter writer) => PayoutTable.Write(payout, writer));
            if (!invocation.Json)
                output.Say($"Wrote {file}.");
        }
        else if (!invocation.Json)
            output.WriteText(writer => PayoutTable.Write(payout, writer));

        if (invocation.Json)
            output.WriteJson(Document(payout, file));
        else
            foreach (var sentence in Sentences(payout))
                output.Say(sentence);
        return Task.FromResult(ExitCode.Done);
    }

    private Payout Divide(Invocation invocation)
    {
        var decimals = invocation.Get(_decimals);
        if (invocation.Get(_total) is not { } total)
            throw new UsageException("Give the amount to divide, --total AMOUNT.");
        if (total == 0 || decimal.Round(total, decimals) != total)
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--total takes an amount above 0 with at most {decimals} decimals, not {total}; see --decimals."
                )
            );
        var splits = ReadSplits(invocation);
        using var store = stores.OpenToRead(invocation.Store);
        var report = store.Get(invocation.Get(_id)).Report;
        return Payout.Of(report, total, invocation.Get(_currency), decimals, splits);
    }

    private SplitTable ReadSplits(Invocation invocation)
    {
        if (invocation.Get(_splits) is not { } file)
            return SplitTable.None;
        var path = invocation.Resolve(file);
        if (!File.Exists(path))
            throw new AuditException($"There is no file '{file}'; name a table of splits.");
        using var reader = new StreamReader(path);
        return SplitTable.Read(reader, file);
    }

    private static IEnumerable<string> Sentences(Payout payout)
    {
        if (payout.Unattributed > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{payout.Unattributed} {payout.Currency} of {payout.Total} stay unattributed: no rights holder is "
                    + $"stated, or nothing has a share."
            );
        foreach (var note in payout.Notes)
            yield return note;
    }

    private static object Document(Payout payout, string file) =>
        new
        {
            schema = Payout.SchemaId,
            report = payout.Report,
            total = payout.Total,
            currency = payout.Currency,
            unattributed = payout.Unattributed,
            lines = payout.Lines,
            notes = payout.Notes,
            file = file == StandardOutput ? null : file,
        };
}
