using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands;

public sealed class ReportsExportTests : IDisposable
{
    private const string Id = "01J9ZQ3V5T8R2N4M6K7H1G0F9E";

    private readonly Tool _tool = new();

    public ReportsExportTests()
    {
        using var store = ReportStore.Open(
            Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db"),
            StoreAccess.ReadWrite
        );
        store.Add(new(ShownReport.Make(Id), new Dictionary<string, byte[]>()));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task By_default_the_report_goes_to_standard_output_as_JSON()
    {
        var outcome = await _tool.RunAsync("reports", "export", "01");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Equal(
            ReportJson.Serialize(ShownReport.Make(Id)),
            ReportJson.Serialize(ReportJson.Deserialize(outcome.Out))
        );
    }

    [Theory]
    [InlineData("html", "<!DOCTYPE html>")]
    [InlineData("csv", "report,")]
    [InlineData("md", "# ")]
    [InlineData("json", "{")]
    public async Task Each_format_can_go_to_standard_output_or_to_a_file_with_its_ending(
        string format,
        string beginning
    )
    {
        var printed = await _tool.RunAsync("reports", "export", "01", "--format", format);
        Assert.Equal(0, printed.ExitCode);
        Assert.Empty(printed.Error);
        Assert.StartsWith(beginning, printed.Out, StringComparison.OrdinalIgnoreCase);

        var written = await _tool.RunAsync(
            "reports",
            "export",
            "01",
            "--output",
            $"out/report.{format.ToUpperInvariant()}"
        );
        Assert.Equal(new Outcome(0, "", $"Wrote out/report.{format.ToUpperInvariant()}.\n"), written);
        Assert.Equal(
            printed.Out,
            File.ReadAllText(Path.Combine(_tool.WorkingDirectory, "out", $"report.{format.ToUpperInvariant()}"))
        );
    }

    [Theory]
    [InlineData("report.prov.jsonld", "http://www.w3.org/ns/prov#")]
    [InlineData("report.spdx3.json", "https://spdx.org/rdf/3.0.1/")]
    [InlineData("REPORT.CDX.JSON", "CycloneDX")]
    [InlineData("report.json", "das-audit/report/1")]
    [InlineData("cdx.json", "das-audit/report/1")]
    public async Task The_longest_ending_decides(string file, string part)
    {
        var outcome = await _tool.RunAsync("reports", "export", "01", "--output", file);
        Assert.Equal(new Outcome(0, "", $"Wrote {file}.\n"), outcome);
        Assert.Contains(part, File.ReadAllText(Path.Combine(_tool.WorkingDirectory, file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("html")]
    [InlineData("csv")]
    [InlineData("md")]
    [InlineData("json")]
    [InlineData("prov")]
    [InlineData("spdx")]
    [InlineData("cyclonedx")]
    public async Task A_dash_is_standard_output(string format)
    {
        var byDefault = await _tool.RunAsync("reports", "export", "01", "--format", format);
        Assert.Equal(byDefault, await _tool.RunAsync("reports", "export", "01", "--format", format, "--output", "-"));
        Assert.Equal(byDefault, await _tool.RunAsync("reports", "export", "01", "--format", format, "--output=-"));
        Assert.False(File.Exists(Path.Combine(_tool.WorkingDirectory, "-")));
    }

    [Fact]
    public async Task A_dash_without_a_format_is_JSON_with_or_without_the_option_json()
    {
        var printed = await _tool.RunAsync("reports", "export", "01");
        Assert.Equal(printed, await _tool.RunAsync("reports", "export", "01", "--output", "-"));
        Assert.Equal(printed, await _tool.RunAsync("reports", "export", "01", "--output", "-", "--json"));
    }

    [Fact]
    public async Task The_format_goes_before_the_ending()
    {
        await _tool.RunAsync("reports", "export", "01", "--output", "report.txt", "--format", "json");
        Assert.StartsWith(
            "{",
            File.ReadAllText(Path.Combine(_tool.WorkingDirectory, "report.txt")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_ending_that_names_no_format_is_wrong_usage()
    {
        var outcome = await _tool.RunAsync("reports", "export", "01", "--output", "report.txt");
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith(
            "das-audit: The ending of 'report.txt' names no format; give --format json|html|csv|md|prov|spdx|"
                + "cyclonedx.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path.Combine(_tool.WorkingDirectory, "report.txt")));
    }

    [Fact]
    public async Task JSON_output_says_what_was_written()
    {
        var outcome = await _tool.RunAsync("reports", "export", "01", "--output", "report.html", "--json");
        Assert.Empty(outcome.Error);
        var document = outcome.Json();
        Assert.Equal("das-audit/export/1", document.GetProperty("schema").GetString());
        Assert.Equal(
            (Id, "html", "report.html"),
            (
                document.GetProperty("id").GetString(),
                document.GetProperty("format").GetString(),
                document.GetProperty("file").GetString()
            )
        );
    }

    [Theory]
    [InlineData]
    [InlineData("--output", "-")]
    public async Task JSON_output_leaves_no_room_for_another_format(params string[] options)
    {
        var outcome = await _tool.RunAsync(["reports", "export", "01", "--format", "html", "--json", .. options]);
        Assert.Equal(64, outcome.ExitCode);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_an_error()
    {
        _tool.Write("blocked", "");
        var outcome = await _tool.RunAsync("reports", "export", "01", "--output", "blocked/report.html");
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("das-audit: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", outcome.Error, StringComparison.Ordinal);
    }
}
