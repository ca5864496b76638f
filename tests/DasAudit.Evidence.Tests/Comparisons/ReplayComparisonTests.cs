using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Comparisons;

namespace DasAudit.Evidence.Tests.Comparisons;

public class ReplayComparisonTests
{
    private static readonly AuditReport Stored = SampleReport.WithEvidence().Report;

    // The largest score is the first.
    private static double Largest => Stored.Attributions[0].Score;

    [Fact]
    public void The_same_figures_under_another_id_time_and_machine_are_identical()
    {
        var replayed = Stored with
        {
            Id = SampleReport.Id(5),
            CreatedUtc = SampleReport.Created.AddDays(1),
            Tool = new("9", "x"),
            Environment = Stored.Environment with { Os = "other", Threads = 7 },
            Timings = new Dictionary<string, double> { ["scores"] = 9 },
            Query = Stored.Query with { Path = "moved.png" },
        };
        var replay = ReplayComparison.Of(Stored, replayed, 0);

        Assert.Equal(ReplayOutcome.Identical, replay.Outcome);
        Assert.Equal((0, 0), (replay.LargestScoreDifference, replay.LargestShareDifference));
    }

    [Fact]
    public void A_score_apart_by_less_than_the_tolerance_is_within_it()
    {
        var replay = ReplayComparison.Of(Stored, WithScore(1, 5e-4), 1e-3);

        Assert.Equal(ReplayOutcome.WithinTolerance, replay.Outcome);
        Assert.Equal(5e-4, replay.LargestScoreDifference, 1e-9);
        Assert.Equal(ReplayOutcome.Different, ReplayComparison.Of(Stored, WithScore(1, 5e-4), 1e-4).Outcome);
    }

    [Fact]
    public void A_score_apart_by_more_is_named_with_how_far()
    {
        var replay = ReplayComparison.Of(Stored, WithScore(2, -2e-3), 1e-3);

        var difference = Assert.Single(replay.Differences);
        Assert.Equal(("score", Stored.Attributions[2].Item), (difference.What, difference.Of));
        Assert.Equal(2e-3, difference.By!.Value, 1e-9);
        Assert.Equal(ReplayOutcome.Different, replay.Outcome);
    }

    [Fact]
    public void A_share_apart_by_more_is_named()
    {
        var groups = Stored.Groups.Select((g, i) => i == 1 ? g with { Share = g.Share + 0.01 } : g);
        var replay = ReplayComparison.Of(Stored, Stored with { Groups = [.. groups] }, 1e-3);

        var difference = Assert.Single(replay.Differences);
        Assert.Equal(("share", Stored.Groups[1].Key), (difference.What, difference.Of));
        Assert.Equal(0.01, difference.By!.Value, 1e-9);
    }

    [Fact]
    public void A_group_that_only_one_has_is_different()
    {
        var replay = ReplayComparison.Of(Stored, Stored with { Groups = [.. Stored.Groups.Skip(1)] }, 1);

        Assert.Equal(("share", null), (replay.Differences.Single().What, replay.Differences.Single().Replayed));
    }

    [Fact]
    public void Another_word_is_different_whatever_the_tolerance()
    {
        var attributions = Stored.Attributions.Select(
            (p, i) => i == 0 ? p with { Strength = EvidenceStrength.Weak } : p
        );
        var replay = ReplayComparison.Of(Stored, Stored with { Attributions = [.. attributions] }, 1);

        var difference = Assert.Single(replay.Differences);
        Assert.Equal(("word", "strong", "weak"), (difference.What, difference.Stored, difference.Replayed));
    }

    [Fact]
    public void Pictures_that_change_places_at_the_end_of_the_list_are_within_tolerance()
    {
        var last = Stored.Attributions[^1];
        var other = last with { Item = "faces/99.png", Sha256 = SampleReport.Sha256("99") };
        var near = other with { Score = last.Score + 1e-5 * Largest };
        var far = other with { Score = last.Score + 0.1 * Largest };

        Assert.Equal(ReplayOutcome.WithinTolerance, ReplayComparison.Of(Stored, With(near), 1e-3).Outcome);
        var replay = ReplayComparison.Of(Stored, With(far), 1e-3);
        Assert.Equal([last.Item, other.Item], replay.Differences.Select(difference => difference.Of));

        AuditReport With(AttributedPicture picture) =>
            Stored with
            {
                Attributions = [.. Stored.Attributions.SkipLast(1), picture],
            };
    }

    [Fact]
    public void Another_input_or_setting_is_different_even_with_the_same_figures()
    {
        var model = Stored with { Model = Stored.Model with { WeightsSha256 = "x" } };
        var seed = Stored with { Method = Stored.Method with { Seed = 7 } };

        Assert.Equal(("input", "model.weightsSha256"), What(model));
        Assert.Equal(("setting", "method.seed"), What(seed));

        static (string, string) What(AuditReport replayed)
        {
            var difference = Assert.Single(ReplayComparison.Of(Stored, replayed, 1).Differences);
            return (difference.What, difference.Of);
        }
    }

    [Fact]
    public void Another_methods_scores_and_shares_are_compared_by_its_own_scale()
    {
        var stored = WithOpinion(8, 4, 0.7);

        Assert.Equal(ReplayOutcome.Identical, ReplayComparison.Of(stored, stored, 0).Outcome);
        var near = ReplayComparison.Of(stored, WithOpinion(8, 4.004, 0.7), 1e-3);
        Assert.Equal(ReplayOutcome.WithinTolerance, near.Outcome);
        Assert.Equal(5e-4, near.LargestScoreDifference, 1e-9);
        var far = ReplayComparison.Of(stored, WithOpinion(8, 4.04, 0.8), 1e-3);
        Assert.Equal(
            [("score", "faces/2.png (pva)"), ("share", "Ada (pva)")],
            far.Differences.Select(difference => (difference.What, difference.Of))
        );
        Assert.Equal(5e-3, far.Differences[0].By!.Value, 1e-9);
    }

    [Fact]
    public void Another_methods_picture_that_only_one_report_lists_is_held_against_the_last_of_the_other()
    {
        var stored = WithOpinion(8, 4, 0.7);
        var opinion = stored.Comparison!.Methods[1];
        var changed = opinion with { Top = [opinion.Top[0], new("faces/9.png", 4.001)] };
        var replayed = stored with { Comparison = new([stored.Comparison.Methods[0], changed], []) };

        Assert.Equal(ReplayOutcome.WithinTolerance, ReplayComparison.Of(stored, replayed, 1e-3).Outcome);
        Assert.Equal(ReplayOutcome.Different, ReplayComparison.Of(stored, replayed, 1e-5).Outcome);
    }

    [Fact]
    public void A_report_that_lists_a_picture_twice_is_compared_by_the_first()
    {
        var stored = WithOpinion(8, 4, 0.7);
        var opinion = stored.Comparison!.Methods[1];
        var twice = opinion with { Top = [.. opinion.Top, new(opinion.Top[0].Item, 1)] };
        var written = stored with { Comparison = new([stored.Comparison.Methods[0], twice], []) };

        Assert.Equal(ReplayOutcome.WithinTolerance, ReplayComparison.Of(written, stored, 1e-3).Outcome);
    }

    [Fact]
    public void Methods_that_were_not_run_again_are_not_compared()
    {
        var stored = WithOpinion(8, 4, 0.7);

        Assert.Equal(ReplayOutcome.Identical, ReplayComparison.Of(stored, Stored, 0).Outcome);
    }

    [Fact]
    public void A_report_that_does_not_list_the_models_files_yet_is_no_other_audit()
    {
        var stored = Stored with { Model = Stored.Model with { Files = null } };

        Assert.Equal(ReplayOutcome.Identical, ReplayComparison.Of(stored, Stored, 0).Outcome);
    }

    private static AuditReport WithOpinion(double first, double second, double share)
    {
        ComparedMethod own = new("das", "more influence", "df:0.1", [0.1], []);
        var opinion = own with
        {
            Id = "pva",
            Top = [new("faces/1.png", first), new("faces/2.png", second)],
            Groups = [new("Ada", share, null, null, 2)],
        };
        return Stored with { Comparison = new([own, opinion], []) };
    }

    private static AuditReport WithScore(int index, double apart) =>
        Stored with
        {
            Attributions =
            [
                .. Stored.Attributions.Select((p, i) => i == index ? p with { Score = p.Score + apart * Largest } : p),
            ],
        };
}
