using DasAudit.Core.Reports;
using DasAudit.Evidence.Comparisons;

namespace DasAudit.Evidence.Tests.Comparisons;

public class ReportComparisonTests
{
    private static readonly AuditReport Report = SampleReport.WithEvidence().Report;

    [Fact]
    public void A_report_is_the_same_as_its_repetition_elsewhere()
    {
        var again = Report with
        {
            Id = SampleReport.Id(9),
            CreatedUtc = Report.CreatedUtc.AddDays(1),
            Query = Report.Query with { Path = "elsewhere.png" },
            Environment = Report.Environment with { Threads = 16 },
            Timings = new Dictionary<string, double>(),
        };

        var comparison = ReportComparison.Of(Report, again);

        Assert.True(comparison.IsSame);
        Assert.Empty(comparison.Inputs);
        Assert.Empty(comparison.Settings);
        Assert.Equal(["query.path", "environment.threads"], comparison.Circumstances.Select(d => d.Name));
        Assert.Equal((4, 1.0), (comparison.Ranking.Top, comparison.Ranking.TopOverlap));
        Assert.Equal(1, comparison.Ranking.Spearman!.Value, 12);
    }

    [Fact]
    public void Inputs_settings_and_circumstances_that_differ_are_named()
    {
        var changed = Report with
        {
            Tool = Report.Tool with { Version = "9.9" },
            Model = Report.Model with { WeightsSha256 = SampleReport.Sha256("other weights") },
            Dataset = Report.Dataset with { Root = SampleReport.Sha256("other root"), Split = "train" },
            Method = Report.Method with { Seed = 7, Timesteps = [1, 2] },
            Encoder = null,
            GroupedBy = "license",
        };

        var comparison = ReportComparison.Of(Report, changed);

        Assert.False(comparison.IsSame);
        Assert.Equal(
            ["model.weightsSha256", "dataset.root", "encoder.sha256"],
            comparison.Inputs.Select(d => d.Name).Where(name => name != "encoder")
        );
        Assert.Subset(
            comparison.Settings.Select(d => d.Name).ToHashSet(),
            new HashSet<string> { "dataset.split", "method.seed", "method.timesteps", "groupedBy" }
        );
        Assert.Contains("tool.version", comparison.Circumstances.Select(d => d.Name));
        Assert.Equal("7", comparison.Settings.Single(d => d.Name == "method.seed").B!.ToJsonString());
        Assert.Null(comparison.Settings.Single(d => d.Name == "dataset.split").A);
        Assert.Null(comparison.GroupedBy);
        Assert.Empty(comparison.Groups);
    }

    [Fact]
    public void Rankings_are_compared_over_the_pictures_that_both_list()
    {
        // B lists 1, 4, 3 in this order, and one that A does not list; A lists 1, 2, 3, 4.
        var listed = Report.Attributions;
        var changed = Report with
        {
            Attributions =
            [
                listed[0] with
                {
                    Score = 9,
                },
                listed[3] with
                {
                    Rank = 2,
                    Score = 8,
                },
                listed[2] with
                {
                    Rank = 3,
                    Score = 7,
                },
                listed[1] with
                {
                    Rank = 4,
                    Score = 6,
                    Item = "faces/77.png",
                },
            ],
        };

        var ranking = ReportComparison.Of(Report, changed).Ranking;

        Assert.Equal((4, 0.75), (ranking.Top, ranking.TopOverlap));
        // Ranks 1, 2, 3 against 1, 3, 2: 1 − 6·2/(3·8).
        Assert.Equal(0.5, ranking.Spearman!.Value, 12);
        Assert.Equal(5, ranking.Pictures.Count);
        Assert.Null(ranking.Pictures[1].B);
        Assert.Equal("faces/77.png", ranking.Pictures[4].Item);
        Assert.False(ranking.IsSame);
    }

    [Fact]
    public void A_word_that_changed_is_a_difference()
    {
        var first = Report.Attributions[0] with { Strength = null };
        var changed = Report with { Attributions = [first, .. Report.Attributions.Skip(1)] };

        Assert.False(ReportComparison.Of(Report, changed).IsSame);
    }

    [Fact]
    public void Shares_stand_side_by_side_and_intervals_that_do_not_meet_are_apart()
    {
        var changed = Report with
        {
            Groups =
            [
                new("OpenMoji", 0.5, 0.4, 0.6, 33),
                new("Google LLC", 0.3, 0.2, 0.6, 40),
                new("Somebody", 0.2, null, null, 1),
            ],
        };

        var groups = ReportComparison.Of(Report, changed).Groups.ToDictionary(group => group.Key);

        Assert.Equal(5, groups.Count);
        Assert.True(groups["OpenMoji"].IsApart);
        Assert.False(groups["Google LLC"].IsApart);
        Assert.Null(groups["Somebody"].IsApart);
        Assert.Null(groups["(not stated)"].B);
    }

    [Fact]
    public void Few_or_equal_scores_have_no_rank_correlation()
    {
        var equal = Report with { Attributions = [.. Report.Attributions.Select(p => p with { Score = 1 })] };
        var few = Report with { Attributions = [.. Report.Attributions.Take(2)] };

        Assert.Null(ReportComparison.Of(Report, equal).Ranking.Spearman);
        Assert.Null(ReportComparison.Of(Report, few).Ranking.Spearman);
        Assert.Null(ReportComparison.Of(Report, Report with { Attributions = [] }).Ranking.TopOverlap);
    }
}
