using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;
using TorchSharp;

namespace DasAudit.Core.Tests.Retraining;

public sealed class RetrainingStudyTests : IDisposable
{
    private readonly StudyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Models_do_not_depend_on_how_many_are_trained_at_once()
    {
        var jobs = Jobs();
        Study("alone", 1).Train(jobs, null, TestContext.Current.CancellationToken);
        Study("together", 3).Train(jobs, null, TestContext.Current.CancellationToken);

        var alone = jobs.Select(job => _world.Weights($"alone/models/{job.Name}")).ToList();
        Assert.Equal(alone, jobs.Select(job => _world.Weights($"together/models/{job.Name}")));
        Assert.Equal(jobs.Count, alone.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Whatever_is_interrupted_goes_on_to_the_same_models()
    {
        var jobs = Jobs();
        Study("straight", 2).Train(jobs, null, TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var progress = new Reporter(_ =>
        {
            if (Interlocked.Increment(ref steps) == 17)
                cancellation.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Study("stopped", 1).Train(jobs, progress, cancellation.Token)
        );
        Assert.Contains(jobs, job => Study("stopped", 1).IsDone(job));
        Assert.Contains(jobs, job => !Study("stopped", 1).IsDone(job));

        Study("stopped", 2).Train(jobs, null, TestContext.Current.CancellationToken);

        Assert.All(
            jobs,
            job =>
                Assert.Equal(
                    _world.Weights($"straight/models/{job.Name}"),
                    _world.Weights($"stopped/models/{job.Name}")
                )
        );
    }

    [Fact]
    public void Each_picture_is_seen_as_often_as_by_the_audited_model()
    {
        var options = _world.Recipe.OptionsFor(Jobs()[0]);

        Assert.Equal(StudyWorld.Training.Steps / 2, options.Steps);
        Assert.Equal(StudyWorld.Training.Seed, options.Seed);
    }

    [Fact]
    public void A_finished_model_of_other_pictures_or_settings_is_refused()
    {
        var set = _world.Set;
        Study("s", 1).Train([StudyWorld.Job("a", set, 0, 1, 2, 3)], null, TestContext.Current.CancellationToken);

        AssertRefused(StudyWorld.Job("a", set, 0, 1, 2, 4));
        AssertRefused(StudyWorld.Job("a", set, 0, 1, 2, 3) with { Seed = 12 });

        void AssertRefused(RetrainingJob job) =>
            Assert.Contains(
                "holds a model of other settings or pictures",
                Assert
                    .Throws<AuditException>(() =>
                        Study("s", 1).Train([job], null, TestContext.Current.CancellationToken)
                    )
                    .Message
            );
    }

    [Fact]
    public async Task A_job_that_another_process_is_at_is_waited_for()
    {
        var job = StudyWorld.Job("a", _world.Set, 0, 1, 2, 3);
        var study = Study("s", 1);
        var held = new FileStream(
            _world.Folder.At("s/models/a/.training"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );
        var training = Task.Run(
            () => study.Train([job], null, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(study.IsDone(job));

        await held.DisposeAsync();
        await training;

        Assert.True(study.IsDone(job));
    }

    [Fact]
    public void A_model_that_does_not_say_how_it_was_trained_is_refused()
    {
        File.Delete(Path.Combine(_world.Folder["model"], TrainingRecord.FileName));

        Assert.Contains("training.json", Assert.Throws<AuditException>(() => _world.Recipe).Message);
    }

    [Fact]
    public void A_model_of_other_pictures_is_refused()
    {
        _world.Folder.WritePictures("set", 20, 1);

        Assert.Contains("other pictures", Assert.Throws<AuditException>(() => _world.Recipe).Message);
    }

    [Theory]
    [InlineData("1/4", 1, 4)]
    [InlineData("4/4", 4, 4)]
    public void A_share_is_read(string text, int index, int count)
    {
        var share = JobShare.Parse(text);

        Assert.Equal(new(index, count), share);
        Assert.Equal([index - 1, index + 3], share.Of(Enumerable.Range(0, 8)));
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    [InlineData("-1/4")]
    public void What_is_no_share_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<AuditException>(() => JobShare.Parse(text)).Message);

    private RetrainingStudy Study(string name, int workers) =>
        new(_world.Folder[name], _world.Recipe, torch.CPU, workers);

    private List<RetrainingJob> Jobs()
    {
        var set = _world.Set;
        return
        [
            StudyWorld.Job("a", set, 0, 1, 2, 3),
            StudyWorld.Job("b", set, 2, 3, 4, 5),
            StudyWorld.Job("c", set, 1, 3, 5, 7),
        ];
    }

    private sealed class Reporter(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}
