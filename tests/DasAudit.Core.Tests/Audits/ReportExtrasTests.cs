using System.Globalization;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>The damping curve and band and the most influential subset of an audit of a real network.</summary>
public sealed class ReportExtrasTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReportExtrasTests()
    {
        _folder.WritePictures("set", 0, 6);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluations_of_the_same_model_and_dataset_are_quoted()
    {
        var plain = Request("das").Report();
        Assert.Null(plain.Evaluations);
        var ofModel = SampleEvaluation.Create("1") with
        {
            ModelSha256 = plain.Model.WeightsSha256,
            DatasetRoot = plain.Dataset.Root,
        };
        var request = Request("das").Request() with { Evaluations = [SampleEvaluation.Create("2"), ofModel] };

        var run = new AuditPipeline(TimeProvider.System, null).Run(request, TestContext.Current.CancellationToken);

        var quoted = Assert.Single(run.Reports.Single().Report.Evaluations!);
        Assert.Equal(("1", "lds", "32 parts"), (quoted.Id, quoted.Evaluation, quoted.Setting));
        Assert.Equal(ofModel.Findings.Select(finding => finding.Sentence), quoted.Findings);
    }

    [Theory]
    [InlineData("das", 0.1, true)]
    [InlineData("das-loo", 0.1, true)]
    [InlineData("d-trak", 0.2, true)]
    [InlineData("pva-12", 0.1, true)]
    [InlineData("activation-ridge", 0.1, true)]
    [InlineData("das-v", 0.1, false)]
    public void A_kernel_method_shows_what_other_dampings_would_give(
        string id,
        double usualDegreesOfFreedom,
        bool scoresWithKernelRows
    )
    {
        var report = Request(id).Report();
        var curve = Assert.IsType<IReadOnlyList<DampingPoint>>(report.DampingCurve, exactMatch: false);
        Assert.Equal(DampingCurve.Fractions, curve.Select(point => point.DegreesOfFreedom));
        Assert.Equal(curve.Select(point => point.Damping).Order(), curve.Select(point => point.Damping));
        Assert.Equal(
            report.Method.DampingValues.Average(),
            curve.Single(point => point.DegreesOfFreedom == usualDegreesOfFreedom).Damping,
            1e-6 * report.Method.DampingValues.Average()
        );
        Assert.All(curve, point => Assert.InRange(point.SelfRecall!.Value, 1 / 6.0, 1));
        Assert.All(curve, point => Assert.Equal(scoresWithKernelRows, point.SplitHalfReliability is not null));
        Assert.Null(report.DampingBand);
    }

    [Fact]
    public void The_curve_is_that_of_the_kernels_noise_draw_by_noise_draw()
    {
        var curve = Request("das").Report().DampingCurve!;
        foreach (var point in curve.Where((_, i) => i % 4 == 0))
        {
            // A rule of that many degrees of freedom gives the scores whose agreement the curve reports, here in the
            // report's own rank stability.
            var report = (
                Request("das") with
                {
                    Method = new()
                    {
                        Damping = DampingRules.Parse(
                            string.Create(CultureInfo.InvariantCulture, $"df:{point.DegreesOfFreedom}")
                        ),
                    },
                }
            ).Report();
            Assert.Equal(report.Evidence!.RankStability!.Spearman, point.SplitHalfReliability!.Value, 1e-12);
            Assert.Equal(report.Method.DampingValues.Average(), point.Damping, 1e-6 * point.Damping);
        }
    }

    [Fact]
    public void One_noise_draw_has_nothing_to_compare_with_and_a_method_without_a_kernel_no_curve()
    {
        var request = Request("das");
        var curve = (request with { Gradients = request.Gradients with { Replicates = 1 } }).Report().DampingCurve!;
        Assert.Equal(DampingCurve.Fractions.Count, curve.Count);
        Assert.All(
            curve,
            point =>
                Assert.Equal(
                    (null, null, null),
                    (point.SelfRecall, point.SelfRecallStandardError, point.SplitHalfReliability)
                )
        );
        Assert.Null(Request("gradient-dot").Report().DampingCurve);
        Assert.NotNull(Request("pixel-ridge").Report().DampingCurve);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("das-loo")]
    [InlineData("das-signed")]
    [InlineData("d-trak")]
    [InlineData("relative-if")]
    [InlineData("activation-ridge")]
    [InlineData("pixel-ridge")]
    public void A_band_says_how_far_the_scores_of_its_dampings_differ(string id)
    {
        // One kernel, so that every damping of the band can be asked for by itself.
        var request = Request(id);
        request = request with { Gradients = request.Gradients with { Replicates = 1, Timesteps = 1 } };
        var report = (request with { Method = new() { Damping = new DampingBand(0.1, 0.4) } }).Report();
        Assert.Equal(9, report.Method.DampingValues.Count);
        string[] items = [.. report.Attributions.Select(a => a.Item)];
        var expected = BandAverage.Of([
            .. report.Method.DampingValues.Select(damping =>
            {
                var scores = (request with { Method = new() { Damping = new FixedDamping(damping) } })
                    .Report()
                    .Attributions.ToDictionary(a => a.Item, a => a.Score);
                return items.Select(item => scores[item]).ToArray();
            }),
        ]);
        var band = report.DampingBand!;
        Assert.Equal(items, band.Items.Select(item => item.Item));
        foreach (var (i, item) in band.Items.Index())
        {
            Assert.Equal(expected.Mean[i], item.Mean, 1e-8 * Math.Abs(expected.Mean[i]));
            Assert.Equal(expected.Spread[i], item.Spread, 1e-6 * Math.Abs(expected.Mean[i]));
        }

        Assert.Equal(expected.LeastRankCorrelation!.Value, band.LeastRankCorrelation!.Value, 1e-12);
        Assert.Contains(band.Items, item => item.Spread > 0);
    }

    [Theory]
    [InlineData("das", 6)]
    [InlineData("d-trak", 3)]
    [InlineData("pva-12", 4)]
    [InlineData("pixel-ridge", 3)]
    public void The_subset_is_that_of_the_model_fitted_again_after_each_pick(string id, int size)
    {
        var report = (Request(id) with { Subset = size }).Report();
        var subset = report.Subset!;
        Assert.Equal("refit", subset.Search);
        Assert.InRange(subset.Order.Count, 1, size);
        Assert.Equal(subset.Influence.Order(), subset.Influence);
        // Alone a picture counts for its score and the more the larger its leverage.
        var score = report.Attributions.Single(a => a.Item == subset.Order[0]).Score;
        Assert.InRange(subset.Influence[0], score * 1.0001, score * 2);
        Assert.Equal(
            subset.Order,
            (Request(id) with { Subset = 2 }).Report().Subset!.Order.Concat(subset.Order.Skip(2))
        );
        Assert.Null(Request(id).Report().Subset);
    }

    [Theory]
    [InlineData("gradient-dot")]
    [InlineData("pva-mini")]
    public void Without_an_exact_form_scores_that_add_up_give_the_subset_of_the_first_pictures(string id)
    {
        var report = (Request(id) with { Subset = 3 }).Report();
        var first = report.Attributions.Where(a => a.Score > 0).Take(3).ToList();
        Assert.NotEmpty(first);
        Assert.Equal("greedy", report.Subset!.Search);
        Assert.Equal(first.Select(a => a.Item), report.Subset.Order);
        foreach (var (i, influence) in report.Subset.Influence.Index())
            Assert.Equal(first.Take(i + 1).Sum(a => a.Score), influence, 1e-12 * influence);
    }

    [Theory]
    [InlineData("das-v")]
    [InlineData("das")]
    public void Without_an_exact_form_scores_that_are_squares_give_the_subset_of_the_pictures_that_add_most(string id)
    {
        // das has none for a band.
        var request = Request(id) with
        {
            Method = new() { Damping = id == "das" ? new DampingBand(0.1, 0.4) : null },
        };
        var report = (request with { Subset = 6 }).Report();
        var subset = report.Subset!;
        Assert.Equal("adaptive", subset.Search);
        Assert.Equal(report.Attributions[0].Item, subset.Order[0]);
        Assert.Equal(report.Attributions[0].Score, subset.Influence[0], 1e-12 * subset.Influence[0]);
        Assert.Equal(subset.Influence.Order(), subset.Influence);
    }

    [Theory]
    [InlineData("das", 2)]
    [InlineData("d-trak", 1)]
    [InlineData("pva-12", 1)]
    public void Copies_count_together_as_their_leverage_says(string id, int power)
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"copies/p{i}.png", TestPictures.Png(4, 8, 8));
        var subset = (
            Request(id) with
            {
                Dataset = "copies",
                Subset = 10,
                Method = new() { Damping = new DegreesOfFreedom(0.3) },
            }
        ).Report().Subset!;
        Assert.Equal(["p0.png", "p1.png", "p2.png"], subset.Order.Order(StringComparer.Ordinal));
        // The kernel has rank 1 and 0.3 degrees of freedom, of which each copy has a third: c·(1 − h)/(1 − c·h).
        double[] expected = [.. Enumerable.Range(1, 3).Select(c => Math.Pow(c * 0.9 / (1 - 0.1 * c), power))];
        Assert.Equal(3, subset.Influence.Count);
        foreach (var (c, influence) in subset.Influence.Index())
            Assert.Equal(expected[c], influence / subset.Influence[0], 1e-5);
    }

    private TestAudit Request(string id) => TestAudit.Of(_folder, id) with { Gradients = TestAudit.Passes(3, 2, 256) };
}
