using DasAudit.Core.Models;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Reports say which checkpoints scores came from, of a run of 100 steps.</summary>
public sealed class CheckpointAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CheckpointAuditTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_method_that_averages_over_checkpoints_names_them_all()
    {
        Keep(10, 30, 80);
        var passes = TestAudit.Of(_folder, "trak").Report().Method.Passes!;
        Assert.Equal([10, 30, 80, null], passes.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Equal([100, 100, 100, null], passes.Checkpoints.Select(checkpoint => checkpoint.Steps));
        Assert.All(passes.Checkpoints, checkpoint => Assert.Equal(64, checkpoint.WeightsSha256.Length));
        Assert.Equal((1, false), (passes.Draws, passes.Apart));
    }

    [Fact]
    public void A_method_of_one_checkpoint_is_told_from_the_same_of_the_finished_model()
    {
        var finished = TestAudit.Of(_folder, "pva").Report();
        Keep(10, 30, 80);
        var early = TestAudit.Of(_folder, "pva").Report();
        Assert.Equal((2, true), (early.Method.Passes!.Draws, early.Method.Passes.Apart));
        Assert.Equal([30], early.Method.Passes.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Null(Assert.Single(finished.Method.Passes!.Checkpoints).Step);
        Assert.Equal(finished.Model.WeightsSha256, finished.Method.Passes.Checkpoints[0].WeightsSha256);
        Assert.Equal([25, 50, 100, 200, 300, 500], early.Method.Passes.Timesteps);
    }

    [Fact]
    public void What_says_nothing_new_is_left_out()
    {
        Keep(30);
        var report = TestAudit.Of(_folder, "das", "d-trak", "pva-mini", "pixel").Report();
        Assert.Null(report.Method.Passes);
        Assert.Equal(
            [null, null, 30, null],
            report.Comparison!.Methods.Select(method => method.Passes?.Checkpoints[0].Step)
        );
        Assert.DoesNotContain(
            "passes",
            ReportJson.Serialize(TestAudit.Of(_folder, "das").Report()),
            StringComparison.Ordinal
        );
    }

    private void Keep(params int[] steps)
    {
        foreach (var step in steps)
        {
            var folder = TrainingCheckpoint.FolderOf(_folder["model"], step);
            Directory.CreateDirectory(folder);
            new TrainingCheckpoint(folder, step, 100, 0.1).WriteInfo();
        }
    }
}
