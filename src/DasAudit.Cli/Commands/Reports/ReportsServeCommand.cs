using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Serving;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsServeCommand(
    IEnumerable<IReportExporter> exporters,
    ReportStores stores,
    ToolOutput output
)
    : ToolCommand(
        "serve",
        "Pages for a browser on this machine, to list, filter, compare, verify and download reports. Runs until Ctrl+C."
    )
{
    private readonly Setting<int?> _port = Setting.OptionalNumber(
        "--port",
        "N",
        "The port of 127.0.0.1 to listen on",
        1,
        65535,
        "a free one"
    );

    public override string Notes =>
        """
            Prints the address to open, which holds a secret: whoever has it can read the store's reports
            while the command runs. Nothing is written; no other machine can reach the pages, and they load
            nothing from elsewhere. Ctrl+C is the usual end, with exit code 0.
            From another machine: 'ssh -L 8123:127.0.0.1:8123 HOST', and on HOST --port 8123.
            """;

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports serve", "Prints the address of the pages."),
            ("reports serve --port 8123 --json", "The same on one line of JSON, at a port of your choice."),
        ];

    protected override IReadOnlyList<ISetting> Settings => [_port];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        // A store that is not there is refused now, not on the first page.
        stores.OpenToRead(invocation.Store).Dispose();
        using var server = LoopbackServer.Listen(invocation.Get(_port));
        var token = AccessToken.New();
        var site = new ReportSite(
            invocation.Store,
            invocation.Surroundings.Show(invocation.Store),
            stores,
            [.. exporters]
        );
        var reports = new ReportServer(new AccessGuard(server.Port, token), site, Failed);
        Print(
            invocation.Json,
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}/{token.Text}/")
        );
        await server.RunAsync(ReportServer.Refuse, reports.Handle, cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private void Print(bool json, string address)
    {
        if (json)
            output.WriteJsonLine(new { schema = "das-audit/serve/1", address });
        else
            output.WriteText(writer => writer.WriteLine(address));
        output.Say("Open this address in a browser on this machine. Ctrl+C ends the command.");
    }

    private void Failed(Exception e) => output.Fail($"a page could not be made, which is a bug; please report it: {e}");
}
