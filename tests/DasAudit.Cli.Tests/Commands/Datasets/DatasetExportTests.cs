using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Datasets;

public sealed class DatasetExportTests : IDisposable
{
    private readonly DatasetWorld _world = new();

    public void Dispose() => _world.Dispose();

    private Tool Tool => _world.Tool;

    [Fact]
    public async Task Croissant_goes_to_standard_output_and_what_is_missing_is_said()
    {
        var outcome = await Tool.RunAsync("dataset", "export", "pictures", "--json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("http://mlcommons.org/croissant/1.1", outcome.Json().GetProperty("conformsTo").GetString());
        Assert.Equal(3, outcome.Json().GetProperty("distribution").GetArrayLength());
        Assert.Contains(
            "Croissant also requires url, creator, datePublished, which nothing states",
            outcome.Error.Replace('\n', ' '),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_given_is_stated()
    {
        var outcome = await Tool.RunAsync([
            "dataset",
            "export",
            "pictures",
            "--url",
            "https://example.org/d",
            "--creator",
            "Ann",
            "--published",
            "2026-01-31",
            "--quiet",
        ]);

        Assert.Equal("", outcome.Error);
        Assert.Equal("https://example.org/d", outcome.Json().GetProperty("url").GetString());
        Assert.Equal("Ann", outcome.Json().GetProperty("creator").GetProperty("name").GetString());
        Assert.Equal("2026-01-31", outcome.Json().GetProperty("datePublished").GetString());
    }

    [Fact]
    public async Task The_public_summary_goes_to_a_file()
    {
        var outcome = await Tool.RunAsync([
            "dataset",
            "export",
            "pictures",
            "--format",
            "public-summary",
            "--output",
            "s.md",
            "--json",
        ]);

        Assert.Equal("das-audit/dataset-export/1", outcome.Json().GetProperty("schema").GetString());
        var draft = File.ReadAllText(Path.Combine(Tool.WorkingDirectory, "s.md"));
        Assert.StartsWith("# Public summary of training content: draft\n", draft, StringComparison.Ordinal);
        Assert.Contains(
            "**Rights holders that the metadata state:** Bob (2), Ann (1)",
            draft,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--format", "public-summary", "--json")]
    [InlineData("--format", "public-summary", "--creator", "Ann")]
    [InlineData("--published", "yesterday")]
    [InlineData("--url", "ftp://example.org")]
    [InlineData("--format", "pdf")]
    public async Task Wrong_usage_is_refused(params string[] options) =>
        Assert.Equal(64, (await Tool.RunAsync(["dataset", "export", "pictures", .. options])).ExitCode);
}
