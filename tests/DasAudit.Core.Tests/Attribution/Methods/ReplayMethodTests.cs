using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Replay;
using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Pictures;
using DasAudit.Core.Tests.Training.Replay;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>The methods that replay training: what they make of what they are given, and audits by them.</summary>
public sealed class ReplayMethodTests(ReplayWorld world) : IClassFixture<ReplayWorld>
{
    private static readonly double[] Rises = [0.5, -1, 2, 0, 0.25, 0.125, -3, 4];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_mean_with_pva_orders_pictures_as_that_of_z_scores_does()
    {
        var inputs = Inputs();
        var pva = PvaMethod.Full.Score(inputs, new(), Cancellation).Queries[0].Mean;
        var scores = new PvaReplayMethod().Score(inputs, new(), Cancellation);
        var (first, second) = (Standardised(pva), Standardised(Rises));
        var own = Assert.Single(scores.Queries[0].ByReplicate);
        var shift = own[0] - (first[0] + second[0]) / 2;
        for (var i = 0; i < own.Length; i++)
            Assert.Equal(shift, own[i] - (first[i] + second[i]) / 2, 1e-12);
        Assert.Equal(PvaMethod.Full.Score(inputs, new(), Cancellation).Damping, scores.Damping);

        // The decoys have no part in mean and spread.
        static double[] Standardised(double[] scores)
        {
            var members = scores.Take(6).ToList();
            var mean = members.Average();
            var spread = Math.Sqrt(members.Average(score => Math.Pow(score - mean, 2)));
            return [.. scores.Select(score => (score - mean) / spread)];
        }
    }

    [Fact]
    public void Without_a_replay_of_the_pictures_there_are_no_scores()
    {
        foreach (var method in new IAttributionMethod[] { new ReplayAdjointMethod(), new PvaReplayMethod() })
        {
            Assert.Throws<AuditException>(() => method.Score(Inputs() with { Replay = null }, new(), Cancellation));
            Assert.Throws<AuditException>(() =>
                method.Score(
                    Inputs() with
                    {
                        Replay =
                        [
                            [1, 2],
                        ],
                    },
                    new(),
                    Cancellation
                )
            );
        }
    }

    [Theory]
    [InlineData("replay-adjoint")]
    [InlineData("pva+replay")]
    public void An_audit_replays_training_once_and_scores_members_and_decoys(string id)
    {
        world.Folder.WritePictures("decoys", 20, 3);
        var request = TestAudit.Of(world.Folder, id, "replay-adjoint") with
        {
            Adapter = new TinyAdapter(ReplayWorld.Load),
            Decoys = "decoys",
        };
        var report = request.Report();
        Assert.Equal(id, report.Method.Id);
        Assert.Equal("loss", report.Method.OutputFunction);
        Assert.Equal(ReplayWorld.Pictures, report.Attributions.Count);
        Assert.All(report.Attributions, attribution => Assert.NotNull(attribution.PValue));
        Assert.Equal(
            report.Attributions.Select(attribution => attribution.Score).OrderDescending(),
            report.Attributions.Select(attribution => attribution.Score)
        );
        Assert.Contains("the training run", report.Method.Scores!.LooksAt);
        Assert.True(request.Plan().Stages.Single(stage => stage.Stage == "attribution").Seconds > 0);
    }

    [Fact]
    public void A_region_is_the_querys()
    {
        var request = TestAudit.Of(world.Folder, "replay-adjoint") with { Adapter = new TinyAdapter(ReplayWorld.Load) };
        var left = (request with { Region = RegionChoice.Parse("0,0,4,8") }).Report();
        Assert.NotEqual(
            request.Report().Attributions.Select(attribution => attribution.Score),
            left.Attributions.Select(attribution => attribution.Score)
        );
    }

    [Fact]
    public void Models_without_a_kept_state_and_null_queries_are_refused_before_anything_is_read()
    {
        var request = TestAudit.Of(world.Folder, "replay-adjoint") with { Adapter = new TinyAdapter(ReplayWorld.Load) };
        Assert.Contains("{keep-state}", (request with { Model = "none" }).Refusal());
        Assert.Contains("{null-queries}", (request with { NullQueries = "set" }).Refusal());
    }

    private static MethodInputs Inputs() =>
        new Case { Members = 6, Decoys = 2 }.For(new PvaReplayMethod()) with
        {
            Replay = [Rises],
        };
}
