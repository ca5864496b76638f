using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation.Ensembles;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Training;
using DasAudit.Core.Uncertainty;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Evaluation.Ensembles;

public sealed class EnsembleEvaluationTests : IDisposable
{
    private const int Members = 8;

    private readonly StudyWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>Means of predictions, with and without each picture, and ranks of the method's scores.</summary>
    [Fact]
    public void Effects_are_those_of_leaving_members_out()
    {
        var audit = (_world.Audit("pixel-dot", "clip") with { Encoder = new FakeEncoder() }).Request();
        var request = Request();
        var result = Run(request with { Common = request.Common with { Audit = audit } })!;

        var models = Directory.GetDirectories(_world.Folder["study/models"]).Order(StringComparer.Ordinal).ToList();
        var query = TestPictures.Pattern(30, 8, 8);
        double[][] residuals = [.. models.Select(model => Residuals(model, query))];
        var ensemble = Mean(residuals);
        Assert.Equal(Square(ensemble), result.Queries[0].Loss, 1e-6);
        var told = _world.Set.Items.Where(item => Count(models, item.PixelSha256) is >= 2 and <= Members - 2).ToList();
        Assert.Equal(told.Count, result.Pools[0].Pictures);
        double[] effects = [.. told.Select(item => Unbiased(models, residuals, item.PixelSha256))];
        Assert.Equal(Agreement(Product), Of("pixel-dot"), 1e-9);
        Assert.Equal(Agreement(FakeEncoder.Cosine), Of("clip"), 1e-9);
        Assert.Equal(effects.Average() / Square(ensemble), result.Pools[0].Effect, 1e-5);

        double Of(string id) => result.Methods.Single(method => method.Method == id).Spearman;

        double Agreement(Func<Picture, Picture, double> score) =>
            Ranking.Spearman([.. told.Select(item => score(query, _world.Set.Read(item)))], effects);
    }

    [Fact]
    public void Smaller_datasets_have_ensembles_of_their_own()
    {
        var result = Run(Request() with { Pools = [0.5] })!;

        Assert.Equal([1, 0.5], result.Pools.Select(pool => pool.Pool));
        Assert.True(result.Pools[1].Pictures <= StudyWorld.Pictures / 2);
        var small = Directory.GetDirectories(_world.Folder["study/models"], "pool-0.5-*");
        Assert.Equal(Members, small.Length);
        Assert.All(small, model => Assert.Equal(StudyWorld.Pictures / 4, TrainingRecord.Read(model).Pictures!.Count));
    }

    [Fact]
    public void Groups_are_left_out_where_members_saw_none_of_them()
    {
        var result = Run(Request() with { Groups = GroupKey.Cluster })!;

        Assert.Equal(StudyWorld.Pictures, result.Groups.Sum(group => group.Pictures));
        Assert.All(
            result.Groups,
            group => Assert.Equal(group.MembersWithout is >= 2 and <= Members - 2, group.Effect is not null)
        );
        Assert.Contains(result.Groups, group => group.Effect is not null);
    }

    [Fact]
    public void Methods_are_computed_under_members_too()
    {
        var result = Run(Request() with { ScoredMembers = 2 })!;

        Assert.Equal(
            ["das", "das (members)", "pixel-dot"],
            result.Methods.Select(method => method.Method).Order(StringComparer.Ordinal)
        );
        Assert.NotEqual(Of("das"), Of("das (members)"));

        double Of(string id) => result.Methods.Single(method => method.Method == id).Spearman;
    }

    [Fact]
    public void Findings_say_whether_single_pictures_can_be_told()
    {
        var result = Run(Request())!;

        var verdict = Assert.Single(result.Findings, finding => finding.Method is null).Sentence;
        Assert.StartsWith("Not attributable to single pictures: for ", verdict);
        Assert.Equal(["das", "pixel-dot"], result.Findings.Select(f => f.Method).OfType<string>().Order());
    }

    [Fact]
    public void Too_few_members_are_refused_before_anything_is_read()
    {
        var request = Request();
        var common = request.Common with { Audit = _world.Audit("das").Request() with { Inputs = null! } };

        var few = Assert.Throws<AuditException>(() => Run(request with { Members = 7, Common = common }));
        var scored = Assert.Throws<AuditException>(() => Run(request with { ScoredMembers = 9, Common = common }));

        Assert.Contains("{members}", few.Message);
        Assert.Contains("{scored-members}", scored.Message);
    }

    private EnsembleRequest Request() =>
        new()
        {
            Members = Members,
            Common = new()
            {
                Audit = _world.Audit("pixel-dot", "das").Request(),
                Study = _world.Folder["study"],
                Truth = new() { Timesteps = 2, Draws = 1 },
                BootstrapDraws = 100,
            },
        };

    private static EnsembleResult? Run(EnsembleRequest request) =>
        StageRecorder.Finished(stages =>
            new EnsembleEvaluation(TimeProvider.System, stages).Run(request, TestContext.Current.CancellationToken)
        );

    private static int Count(IEnumerable<string> models, string hash) => models.Count(model => Saw(model, hash));

    private static bool Saw(string model, string hash) => TrainingRecord.Read(model).Pictures!.Contains(hash);

    private static double Unbiased(IReadOnlyList<string> models, double[][] residuals, string hash)
    {
        double[][] seen = [.. residuals.Where((_, m) => Saw(models[m], hash))];
        double[][] unseen = [.. residuals.Where((_, m) => !Saw(models[m], hash))];
        var between = Square([.. Mean(seen).Zip(Mean(unseen), (a, b) => a - b)]);
        var part = (double)seen.Length / residuals.Length;
        return part * part * (between - Variance(seen) / seen.Length - Variance(unseen) / unseen.Length);
    }

    private static double Variance(double[][] rows)
    {
        var mean = Mean(rows);
        return rows.Sum(row => Square([.. row.Zip(mean, (a, b) => a - b)])) / (rows.Length - 1);
    }

    private static double[] Mean(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(output => rows.Average(row => row[output]))];

    private static double Square(double[] values) => values.Average(value => value * value);

    private static double Product(Picture a, Picture b) =>
        a.Rgb.Zip(b.Rgb, (x, y) => (x / 127.5 - 1) * (y / 127.5 - 1)).Sum();

    // At the timesteps 125 and 625 of the request.
    private double[] Residuals(string folder, Picture picture)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = _world.Source.WithTrained(folder).Load(CPU);
        var clean = tensor(PictureTensor.ToValues(picture, model.PictureShape, ResizeMode.Crop), [1, 3, 8, 8]);
        return
        [
            .. new[] { 125, 625 }.SelectMany(timestep =>
            {
                var noise = new NoiseSource(1)
                    .Normal(new(NoisePurpose.Attribution, timestep, 0), model.SampleShape)
                    .unsqueeze(0);
                var t = tensor(new long[] { timestep });
                var prediction = model.Predict(model.Process.AddNoise(clean, noise, t), t);
                return (prediction - noise).to_type(float64).contiguous().data<double>().ToArray();
            }),
        ];
    }
}
