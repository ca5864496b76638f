using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public sealed class StoredEvaluationsTests : IDisposable
{
    private const string Older = "01J9ZQ3V5T8R2N4M6K7H1G0F9E";
    private const string Newer = "01JB000000000000000000000B";

    private readonly Tool _tool = new();

    public StoredEvaluationsTests()
    {
        using var store = ReportStore.Open(
            Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db"),
            StoreAccess.ReadWrite
        );
        store.AddEvaluation(SampleEvaluation.Create(Older));
        store.AddEvaluation(
            SampleEvaluation.Create(Newer, "ensemble") with
            {
                ModelPath = "models/cats",
                Result = "{ \"a\": 1 }",
            }
        );
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task List_shows_the_newest_first()
    {
        var outcome = await _tool.RunAsync("evaluate", "list");

        Assert.Equal(ExitCode.Done, outcome.ExitCode);
        Assert.True(
            outcome.Out.IndexOf(Newer, StringComparison.Ordinal) is > 0 and var first
                && first < outcome.Out.IndexOf(Older, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("models/FACES", Older)]
    [InlineData("cats", Newer)]
    public async Task List_finds_those_of_a_model(string model, string id)
    {
        var document = (await _tool.RunAsync("evaluate", "list", "--model", model, "--json")).Json();

        Assert.Equal("das-audit/evaluations/1", document.GetProperty("schema").GetString());
        var items = document.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([id], items.Select(item => item.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Nothing_found_is_said() =>
        Assert.Contains("No evaluations.", (await _tool.RunAsync("evaluate", "list", "--model", "dogs")).Error);

    [Fact]
    public async Task Show_says_what_was_found()
    {
        var outcome = await _tool.RunAsync("evaluate", "show", "01j9");

        Assert.Contains("evaluate lds: 32 parts.", outcome.Out);
        Assert.Contains("rank correlation of 0.50", outcome.Out.ReplaceLineEndings(" "));
        Assert.Equal("{ \"a\": 1 }", (await _tool.RunAsync("evaluate", "show", Newer, "--json")).Out.Trim());
    }

    [Theory]
    [InlineData("01", "Several evaluations begin with '01'; give more of the id.")]
    [InlineData("zz", "There is no evaluation 'zz' in the store; 'evaluate list' shows the ids.")]
    public async Task An_id_of_none_or_of_several_is_refused(string id, string sentence)
    {
        var outcome = await _tool.RunAsync("evaluate", "show", id);

        Assert.Equal(ExitCode.Error, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "));
    }
}
