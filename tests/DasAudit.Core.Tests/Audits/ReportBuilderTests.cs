using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Reports made of given scores, for four training pictures and two decoys behind them.</summary>
public sealed class ReportBuilderTests : IDisposable
{
    private static readonly Picture[] Pictures = [.. Enumerable.Range(0, 4).Select(i => TestPictures.Pattern(i, 8, 8))];

    private static readonly TrainingSet Members = Sets.Of(Pictures, i => i < 2 ? "Ann" : null);
    private static readonly TrainingSet Dots = Sets.Of(Sets.Dot(4, 0, 0), Sets.Dot(5, 0, 0));

    private static readonly TrainingSet Decoys = new(
        "unseen",
        Dots.Items,
        [new SkippedPicture("broken.png", "broken")],
        Dots.Read
    );
    private static readonly PicturePool Pool = PicturePool.Of(Members, Decoys, "'unseen'");
    private static readonly HashedPicture Query = Sets.Hashed(TestPictures.Pattern(9, 8, 8));
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_pictures_are_ranked_by_score_and_those_of_the_same_score_in_the_dataset_s_order()
    {
        var report = Build("gradient-dot", Additive(1, 3, -2, 3, 9, 9)).Report;
        Assert.Equal(
            [(1, "00001.png", 3.0), (2, "00003.png", 3), (3, "00000.png", 1), (4, "00002.png", -2)],
            report.Attributions.Select(a => (a.Rank, a.Item, a.Score))
        );
        Assert.Equal(["Ann", null, "Ann", null], report.Attributions.Select(a => a.RightsHolder));
        Assert.Equal(4, report.Candidates.Count);
    }

    [Fact]
    public void Only_the_first_are_listed_and_have_a_picture_for_the_page()
    {
        var stored = Build(Audit("gradient-dot") with { Top = 2 }, Additive(1, 3, -2, 3, 9, 9));
        Assert.Equal(["00001.png", "00003.png"], stored.Report.Attributions.Select(a => a.Item));
        Assert.Equal(
            new[] { Query.Sha256, Members.Items[1].Sha256, Members.Items[3].Sha256 }.Order(StringComparer.Ordinal),
            stored.Thumbnails.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(4, stored.Report.Groups.Sum(group => group.Items));
    }

    [Fact]
    public void Decoys_are_the_null_pool_and_no_tier_counts_them()
    {
        var report = Build("gradient-dot", Additive(1, 3, -2, 3, 2, 2)).Report;
        Assert.Equal(new(NullPoolKind.Decoys, 2, 1 / 3.0), report.Evidence!.NullPool);
        var decoys = report.Evidence.Decoys!;
        Assert.Equal(("unseen", 2, 1), (decoys.Source, decoys.Count, decoys.Skipped));
        Assert.Equal([1 / 3.0, 1 / 3.0, 1, 1], report.Attributions.Select(a => a.PValue!.Value));
        Assert.Equal([("near", 2), ("control", 3)], report.Candidates.Tiers.Select(tier => (tier.Name, tier.Count)));
    }

    [Theory]
    [InlineData("gradient-dot", new[] { 1, 1, 1, -1 })]
    [InlineData("das", new[] { -1, 1, 1, 1 })]
    [InlineData("pixel", new[] { 0, 0, 0, 0 })]
    public void The_direction_is_that_of_the_sign_or_stands_beside_the_score_or_is_none(string id, int[] directions)
    {
        var scores = Additive(1, 3, -2, 3, 2, 2);
        var queries = scores.Queries[0] with { Directions = [1, -1, 1, 1, 0, 0] };
        var report = Build(id, scores with { Queries = [queries] }).Report;
        Assert.Equal(directions, report.Attributions.Select(a => a.Direction));
    }

    [Fact]
    public void Noise_draws_give_the_standard_error_of_their_mean()
    {
        double[] first = [1, 3, -2, 3, 2, 2];
        double[] second = [1, 5, -2, 3, 2, 2];
        var best = Build("gradient-dot", new([Draws.Additive(first, second)], [])).Report.Attributions[0];
        Assert.Equal((4.0, 1.0), (best.Score, best.StandardError!.Value));
        Assert.Null(Build("gradient-dot", Additive(first)).Report.Attributions[0].StandardError);
    }

    [Fact]
    public void The_id_says_when_the_report_was_made_to_the_millisecond()
    {
        var report = Build("gradient-dot", Additive(1, 3, -2, 3, 2, 2)).Report;
        Assert.Equal(Now, report.CreatedUtc);
        Assert.Equal(Now, Ulid.Parse(report.Id, CultureInfo.InvariantCulture).Time);
    }

    [Fact]
    public void Random_scores_are_nobody_s()
    {
        var scores = Additive(1, 3, -2, 3, 2, 2);
        var report = Build("random", scores).Report;
        Assert.Empty(report.Groups);
        Assert.Null(report.Evidence!.GroupDraws);
        Assert.Equal(["Ann", "(not stated)"], Build("gradient-dot", scores).Report.Groups.Select(group => group.Key));
    }

    [Theory]
    [InlineData("das", true, 2, 2, "sjlt:64", "mean", "df:0.1")]
    [InlineData("gradient-dot", true, 2, 2, "sjlt:64", "loss", "none")]
    [InlineData("ekfac", true, 2, 2, "none", "loss", "0.1 × mean eigenvalue of each layer")]
    [InlineData("pixel", false, 0, 0, "none", "none", "none")]
    public void Settings_that_had_no_part_in_the_scores_are_left_out(
        string id,
        bool attributesParameters,
        int timesteps,
        int replicates,
        string projection,
        string function,
        string damping
    )
    {
        var scores = Additive(1, 3, -2, 3, 2, 2) with { Damping = id == "das" ? [0.5] : [] };
        var report = Build(id, scores).Report;
        var method = report.Method;
        Assert.Equal(
            (id, attributesParameters, timesteps, replicates),
            (
                method.Id,
                report.Model.AttributedParameters == report.Model.Parameters,
                method.Timesteps.Count,
                method.Replicates
            )
        );
        Assert.Equal((projection, function, damping), (method.Projection, method.OutputFunction, method.Damping));
        Assert.Equal(scores.Damping, method.DampingValues);
    }

    [Fact]
    public void Methods_that_were_asked_for_together_are_compared()
    {
        var first = Additive(1, 3, -2, 3, 2, 2);
        var second = new MethodScores([Draws.Additive([4, 3, 2, 1, 9, 9])], [0.25]);
        var comparison = Build(Audit("gradient-dot", "das") with { Top = 2 }, first, second).Report.Comparison!;
        Assert.Equal([("gradient-dot", null), ("das", "df:0.1")], comparison.Methods.Select(m => (m.Id, m.Damping)));
        Assert.Equal([new("00000.png", 4), new ComparedItem("00001.png", 3)], comparison.Methods[1].Top);
        Assert.Equal([0.25], comparison.Methods[1].DampingValues);
        Assert.Equal(("gradient-dot", "das"), (comparison.Agreements[0].A, comparison.Agreements[0].B));
        Assert.Null(Build("gradient-dot", first).Report.Comparison);
    }

    [Fact]
    public void The_band_of_the_damping_is_told_of_the_listed_pictures()
    {
        var scores = Additive(1, 3, -2, 3, 2, 2) with { Band = new([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], 0.5) };
        var band = Build(Audit("das") with { Top = 2 }, scores).Report.DampingBand!;
        Assert.Equal(0.5, band.LeastRankCorrelation);
        Assert.Equal([new("00001.png", 2, 0.2), new DampingBandItem("00003.png", 4, 0.4)], band.Items);
    }

    [Fact]
    public void The_subset_is_sought_where_it_is_asked_for()
    {
        var scores = Additive(1, 3, -2, 3, 2, 2);
        var subset = Build(Audit("gradient-dot") with { Subset = 3 }, scores).Report.Subset!;
        Assert.Equal("greedy", subset.Search);
        Assert.Equal(["00001.png", "00003.png", "00000.png"], subset.Order);
        Assert.Equal([3, 6, 7], subset.Influence);
        var squares = Draws.Squared([
            [1, 2, 0, 3, 0, 0],
            [1, 2, 0, -3, 0, 0],
        ]);
        var adaptive = Build(Audit("das") with { Subset = 1 }, new MethodScores([squares], [])).Report.Subset!;
        Assert.Equal(("adaptive", "00003.png"), (adaptive.Search, Assert.Single(adaptive.Order)));
        Assert.Null(Build("gradient-dot", scores).Report.Subset);
    }

    private static MethodScores Additive(params double[] scores) => new([Draws.Additive(scores)], []);

    private TestAudit Audit(params string[] methods) => TestAudit.Of(_folder, methods) with { Decoys = "unseen" };

    private StoredReport Build(string method, MethodScores scores) => Build(Audit(method), scores);

    private static StoredReport Build(TestAudit audit, params IReadOnlyList<MethodScores> scores)
    {
        var request = audit.Request();
        using var model = AuditedModel.Load(request.Inputs.Model, request.Machine.Device);
        var plan = AuditPlan.Of(request, model);
        var timings = new AuditStages(TimeProvider.System, null, CancellationToken.None);
        var nullQueries = NullQueries.Load(request, model.Model, [], timings);
        // Every other picture is a near-duplicate, and all but the first are controls; so are decoys.
        var candidates = Pool.Items.Select((item, i) => new Candidate(item, Tiers(i), null));
        var selection = new CandidateSelection([.. candidates], [new("near", 3), new("control", 5)]);
        var picture = new QueryPicture(0, "query.png", Query, null, new(() => new("", QueryPrompt.None, null, [])));
        var input = picture.For(model.Model, request.Inputs);
        var query = new AuditQuery(picture, input, selection, Members.Items.Count, BackgroundSample.None);
        var builder = new ReportBuilder(new(plan, model, Pool, nullQueries, null));
        return builder.Build(query, scores, [], Now.AddTicks(1234), timings.Seconds);
    }

    private static string[] Tiers(int index) =>
        [.. new[] { "near", "control" }.Where(tier => tier == "near" ? index % 2 == 0 : index > 0)];
}
