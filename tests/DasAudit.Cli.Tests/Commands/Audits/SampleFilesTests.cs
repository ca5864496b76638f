using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Datasets;
using DasAudit.Core.Training;

namespace DasAudit.Cli.Tests.Commands.Audits;

public sealed class SampleFilesTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    private string Target => Path.Combine(_tool.WorkingDirectory, "demo");

    private int Unpack() => new SampleFiles(_tool.Surroundings).Unpack(Target, TestContext.Current.CancellationToken);

    private void Pack(string name, string text)
    {
        var path = Path.Combine(_tool.ToolDirectory, "sample", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [Fact]
    public void The_sample_that_comes_with_the_tool_is_unpacked_whole()
    {
        var surroundings = _tool.Surroundings with { ToolDirectory = AppContext.BaseDirectory };
        var written = new SampleFiles(surroundings).Unpack(Target, TestContext.Current.CancellationToken);
        var packed = SmallWorld.Contents(Path.Combine(AppContext.BaseDirectory, "sample"));
        Assert.Equal(packed.Count, written);
        Assert.Equal(packed, SmallWorld.Contents(Target));
        string[] folders =
        [
            "dataset",
            "encoder",
            "generated",
            "lora",
            "lora-generated",
            "lora-pictures",
            "model",
            "tiny-sd",
        ];
        foreach (var folder in folders)
            Assert.Contains(packed.Keys, path => path.StartsWith(folder + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_samples_model_says_how_it_was_trained_and_on_the_samples_pictures()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "sample");

        var record = TrainingRecord.Read(Path.Combine(sample, "model"));

        var set = TrainingSetLoader.Load(
            Path.Combine(sample, "dataset"),
            new(),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal((set.Root, set.Items.Count), (record.Dataset.Root, record.Dataset.Count));
        Assert.Equal(7000, record.Options.Steps);
    }

    [Fact]
    public void The_second_time_nothing_is_written()
    {
        Pack("a.txt", "a");
        Pack("deep/b.txt", "b");
        Assert.Equal(2, Unpack());
        Assert.Equal(0, Unpack());
    }

    [Fact]
    public void What_a_person_changed_stays_and_what_is_gone_comes_back()
    {
        Pack("a.txt", "a");
        Pack("b.txt", "b");
        Unpack();
        File.WriteAllText(Path.Combine(Target, "a.txt"), "changed");
        File.Delete(Path.Combine(Target, "b.txt"));
        Assert.Equal(1, Unpack());
        Assert.Equal("changed", File.ReadAllText(Path.Combine(Target, "a.txt")));
        Assert.Equal("b", File.ReadAllText(Path.Combine(Target, "b.txt")));
    }

    [Fact]
    public void A_tool_without_its_sample_says_so() =>
        Assert.Equal(
            "The sample is missing from the tool's folder; install das-audit again.",
            Assert.Throws<AuditException>(() => Unpack()).Message
        );
}
