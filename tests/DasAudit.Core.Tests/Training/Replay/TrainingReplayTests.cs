using DasAudit.Core.Training;
using DasAudit.Core.Training.Replay;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Training.Replay;

/// <summary>The end of a run, gone through again.</summary>
public sealed class TrainingReplayTests(ReplayWorld world) : IClassFixture<ReplayWorld>
{
    [Theory]
    [InlineData("model", 1)]
    [InlineData("model", 2)]
    [InlineData("clipped", 1)]
    [InlineData("part", 1)]
    public void It_ends_at_the_finished_weights_bit_by_bit(string name, int threads)
    {
        using var scope = NewDisposeScope();
        using var replay = world.Replay(name, threads);
        var pictures = name == "part" ? 6 : ReplayWorld.Pictures;
        Assert.Equal((30, 30, pictures), (replay.First, replay.Count, replay.Pictures));
        var steps = 0;
        using var end = replay.Finish(() => steps++, TestContext.Current.CancellationToken);
        Assert.Equal(30, steps);
        Assert.Equal(world.Weights(name).data<float>().ToArray(), end.data<float>().ToArray());
    }

    [Fact]
    public void Steps_come_backwards_each_from_the_weights_that_the_one_before_led_to()
    {
        var options = ReplayWorld.Options;
        using var scope = NewDisposeScope();
        using var replay = world.Replay("model");
        replay.Finish(null, TestContext.Current.CancellationToken).Dispose();
        var numbers = new List<int>();
        Tensor? after = null;
        foreach (var step in replay.Backwards(TestContext.Current.CancellationToken))
        {
            numbers.Add(step.Number);
            var rate = options.LearningRateAt(step.Number);
            var root = (step.SecondMoments / (1 - Math.Pow(options.Beta2, step.Number + 1))).sqrt();
            var moved =
                step.Weights * (1 - rate * options.WeightDecay)
                - rate / (1 - Math.Pow(0.9, step.Number + 1)) * step.FirstMoments / (root + 1e-8);
            if (after is not null)
                Assert.InRange((moved - after).abs().max().item<float>(), 0, 1e-6);
            after = step.Weights.clone();
            // Weights that are tried on the way change nothing of the steps before.
            replay.GradientAt(step.Number, zeros_like(after)).Dispose();
        }

        Assert.Equal(Enumerable.Range(30, 30).Reverse(), numbers);
    }

    [Fact]
    public void A_stopped_run_keeps_the_state_that_a_straight_one_keeps()
    {
        var kept = KeptState.PathIn(world.Folder.At("model"));
        using var cancellation = new CancellationTokenSource();
        var trainer = new Core.Training.Trainer(() => new TinyUnet(3), _ => world.Set, ReplayWorld.Options, 1);
        Assert.Throws<OperationCanceledException>(() =>
            trainer.Train(world.Folder.At("stopped"), false, new CancelAfter(20, cancellation), cancellation.Token)
        );
        Assert.False(File.Exists(KeptState.PathIn(world.Folder.At("stopped"))));
        trainer.Train(world.Folder.At("stopped"), false, null, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(kept), File.ReadAllBytes(KeptState.PathIn(world.Folder.At("stopped"))));
        Assert.Equal(30, KeptState.StepIn(world.Folder.At("stopped")));
    }

    [Theory]
    [InlineData(0.75, 8000, 6000)]
    [InlineData(0.001, 100, 1)]
    [InlineData(0.999, 100, 99)]
    public void The_kept_step_leaves_one_at_least_on_each_side(double part, int steps, int expected) =>
        Assert.Equal(expected, KeptState.StepOf(part, steps));

    [Fact]
    public void Scored_steps_are_the_middles_of_ten_parts_and_timesteps_lie_in_strata_up_to_six_tenths()
    {
        Assert.Equal([120, 160, 200], ReplayPasses.Steps(100, 400).Take(3));
        Assert.Equal(10, ReplayPasses.Steps(100, 400).Length);
        Assert.Equal([5, 6, 7], ReplayPasses.Steps(5, 3));
        var all = Enumerable.Range(0, 10).SelectMany(j => ReplayPasses.Timesteps(j, 1000)).ToList();
        Assert.Equal(50, all.Distinct().Count());
        Assert.InRange(all.Max(), 600, 619);
        for (var s = 0; s < 5; s++)
            Assert.Equal(10, all.Count(t => t >= s * 124 && t < (s + 1) * 124));
    }

    private sealed class CancelAfter(int steps, CancellationTokenSource source)
        : IProgress<DasAudit.Core.Files.StageProgress>
    {
        public void Report(DasAudit.Core.Files.StageProgress value)
        {
            if (value.Done == steps)
                source.Cancel();
        }
    }
}
