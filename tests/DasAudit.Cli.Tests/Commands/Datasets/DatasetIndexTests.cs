using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Datasets;

public sealed class DatasetIndexTests : IDisposable
{
    private readonly DatasetWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task It_reads_what_has_changed_and_says_what_it_did()
    {
        var first = await IndexAsync();
        Assert.Equal("3, 0, 0, 3, 3", Counts(first));
        var index = Assert.Single(Directory.GetFiles(_world.IndexFolder));
        Assert.Equal("das-audit/dataset-index/1", first.Json().GetProperty("schema").GetString());
        Assert.Equal("pictures", first.Json().GetProperty("dataset").GetString());
        Assert.Equal(index, first.Json().GetProperty("index").GetString());

        Assert.Equal("3, 0, 3, 0, 3", Counts(await IndexAsync()));
        _world.Write("a.png", 4);
        File.WriteAllText(_world.At("broken.png"), "text");
        Assert.Equal("3, 1, 2, 2, 4", Counts(await IndexAsync()));
        Assert.Equal("3, 1, 0, 4, 4", Counts(await IndexAsync("--rehash")));
    }

    [Fact]
    public async Task A_person_reads_one_line()
    {
        var outcome = await _world.Tool.RunAsync("dataset", "index", "pictures");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Out));
        var words = outcome.Error.ReplaceLineEndings(" ");
        Assert.Contains("3 pictures: 3 files read, 0 unchanged, in ", words, StringComparison.Ordinal);
        Assert.Contains("The index: .das-audit/indexes/", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_changed_just_now_are_told()
    {
        _world.Tool.Replace = null;
        var outcome = await _world.Tool.RunAsync("dataset", "index", "pictures");
        Assert.Contains(
            "3 files changed too short a time before to be known by the time",
            outcome.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_an_error_here()
    {
        _world.Tool.Write(".das-audit/indexes", "a file in the way");
        var outcome = await _world.Tool.RunAsync("dataset", "index", "pictures");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("cannot be kept", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("give another --store.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_of_few_large_files_has_none()
    {
        var images = new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7 };
        var labels = new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 0 };
        Directory.CreateDirectory(Path.Combine(_world.Tool.WorkingDirectory, "idx"));
        File.WriteAllBytes(Path.Combine(_world.Tool.WorkingDirectory, "idx", "images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(_world.Tool.WorkingDirectory, "idx", "labels-idx1-ubyte"), labels);
        var outcome = await _world.Tool.RunAsync("dataset", "index", "idx");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("(IDX pair), which are read as a whole", outcome.Error, StringComparison.Ordinal);
    }

    private Task<Outcome> IndexAsync(params string[] options) =>
        _world.Tool.RunAsync(["dataset", "index", "pictures", "--json", "--quiet", .. options]);

    private static string Counts(Outcome outcome)
    {
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var document = outcome.Json();
        string[] names = ["pictures", "skipped", "unchanged", "anew", "kept"];
        return string.Join(", ", names.Select(name => document.GetProperty(name).GetInt32()));
    }
}
