using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation.Holdout;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Retraining;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Training;
using DasAudit.Core.Uncertainty;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Evaluation.Holdout;

public sealed class HoldoutEvaluationTests : IDisposable
{
    // Of p0, p1 … by number.
    private static readonly string[] Holders = ["a", "a", "a", "b", "b", "c", "c", "c"];

    private static readonly int[] Timesteps = [125, 625];

    private readonly StudyWorld _world = new();

    public HoldoutEvaluationTests() =>
        _world.Folder.Write("set/metadata.jsonl", string.Join('\n', Holders.Select((holder, p) => Row(p, holder))));

    public void Dispose() => _world.Dispose();

    /// <summary>Predictions of the trained models, pass by pass, and sums of inner products of pixels.</summary>
    [Fact]
    public void Shares_are_held_against_what_models_without_each_holder_predict()
    {
        var result = Run(Request("pixel-dot", "das"))!;

        Assert.Equal([("a", 3), ("b", 2), ("c", 3)], result.Groups.Select(group => (group.Key, group.Pictures)));
        Assert.Equal(4, Directory.GetDirectories(_world.Folder["study/models"]).Length);
        int[] queries = [30, 50, 51];
        foreach (var (q, query) in queries.Index())
        {
            var picture = TestPictures.Pattern(query, 8, 8);
            var (changes, simple, log) = (Changes(picture), Rises(picture, loss => loss), Rises(picture, Math.Log));
            Assert.Equal(changes, result.Queries[q].Changes["output-change"], Near);
            Assert.Equal(simple, result.Queries[q].Changes["simple-loss"], Near);
            Assert.Equal(log, result.Queries[q].Changes["log-loss"], Near);
            Assert.Equal(DotShares(picture), result.Queries[q].Shares["pixel-dot"], Near);
        }

        var target = result.Targets[0];
        var method = Assert.Single(target.Methods, method => method.Method == "pixel-dot");
        var spearman = queries
            .Select(query => TestPictures.Pattern(query, 8, 8))
            .Average(picture => Ranking.Spearman(Changes(picture), DotShares(picture)));
        Assert.Equal("output-change", target.Target);
        Assert.Equal(spearman, method.Spearman.Value, 1e-9);
        Assert.InRange(method.Spearman.Value, method.Spearman.Low, method.Spearman.High);
        Assert.Equal(["pixel-dot", "das", "random order"], target.Methods.Select(m => m.Method));
        Assert.Equal((1.0 / 3, 0.0), (target.Methods[2].Top.Value, target.Methods[2].Spearman.Value));
        Assert.Equal(["das", "random order"], target.Differences.Select(difference => difference.A));
        Assert.Equal(
            queries.Average(query => Changes(TestPictures.Pattern(query, 8, 8))[1]),
            target.Effects[1].Change.Value,
            1e-7
        );
        Assert.Null(target.Floor);
        Assert.Null(target.SeedAgreement);
        Assert.Null(result.Splitting);
        Assert.Null(result.Copier);
    }

    /// <summary>Likeness by an encoder, of which a share is that of the cosines above 0.</summary>
    [Fact]
    public void Shares_by_an_encoder_are_held_against_it_too()
    {
        var request = Request("clip");
        var audit = (_world.Audit("clip") with { Encoder = new FakeEncoder() }).Request();

        var result = Run(request with { Common = request.Common with { Audit = audit } })!;

        var query = TestPictures.Pattern(30, 8, 8);
        Assert.Equal(Shares(query, FakeEncoder.Cosine), result.Queries[0].Shares["clip"], Near);
    }

    [Fact]
    public void Two_training_seeds_tell_what_a_seed_alone_changes()
    {
        var request = Request("pixel-dot");
        var one = Run(request)!;
        var two = Run(request with { Common = request.Common with { TrainingSeeds = 2 } })!;

        Assert.Equal(8, Directory.GetDirectories(_world.Folder["study/models"]).Length);
        Assert.Equal([11L, 12L], two.TrainingSeeds);
        int[] queries = [30, 50, 51];
        var floor = queries.Average(query => Distance("all-seed-11", "all-seed-12", TestPictures.Pattern(query, 8, 8)));
        Assert.Equal(floor, two.Targets[0].Floor!.Value, 1e-7);
        Assert.InRange(two.Targets[0].SeedAgreement!.Value, -1, 1);
        var first = one.Queries[0].Changes["output-change"][0];
        var second = ChangesOf(12, TestPictures.Pattern(30, 8, 8))[0];
        Assert.Equal((first + second) / 2, two.Queries[0].Changes["output-change"][0], 1e-7);
    }

    [Fact]
    public void A_share_of_the_models_is_trained_and_nothing_measured()
    {
        var request = Request("pixel-dot");
        Assert.Null(Run(request with { Common = request.Common with { Share = new(1, 2) } }));
        Assert.Equal(2, Directory.GetDirectories(_world.Folder["study/models"]).Length);
    }

    /// <summary>Of methods that need nothing more; <c>GroupSharesTests</c> has all kinds of scores.</summary>
    [Fact]
    public void Splitting_raises_no_share_of_any_method()
    {
        var methods = MethodCatalog
            .All.Where(method =>
                method.Description.Scores.Kind != ScoreKind.Chance
                && method.Needs is { Embeddings: false, RetrainedModels: 0, Replay: false, Trajectory: false }
            )
            .Select(method => method.Description.Id)
            .ToArray();
        var request = Request(methods) with { SplitInto = 2 };

        var splitting = Run(request with { Common = request.Common with { HeldOut = null } })!.Splitting!;

        Assert.Equal(methods, splitting.Select(method => method.Method));
        Assert.All(splitting, method => Assert.InRange(Math.Abs(method.Largest), 0, 1e-9));
        Assert.All(splitting, method => Assert.True(method.Beyond is null or 0, method.Method));
    }

    [Fact]
    public void Other_ways_to_make_shares_stand_beside_that_of_reports()
    {
        var result = Run(Request("das", "pixel-dot") with { WithOtherShares = true, SplitInto = 3 })!;

        Assert.Equal(
            [
                "das",
                "das (length of the sum)",
                "das (sum of lengths)",
                "das (along the sum)",
                "pixel-dot",
                "pixel-dot (net sum)",
                "random order",
            ],
            result.Targets[0].Methods.Select(method => method.Method)
        );
        Assert.Equal(0, Splitting("das").Rise.Value, 1e-12);
        Assert.Equal(0, Splitting("das (sum of lengths)").Rise.Value, 1e-12);
        Assert.True(Splitting("das (length of the sum)").Rise.Value > -1e-12);

        SplittingResult Splitting(string id) => result.Splitting!.Single(method => method.Method == id);
    }

    [Fact]
    public void A_copier_s_pictures_are_trained_on_and_have_shares()
    {
        var result = Run(Request("pixel-dot") with { Copies = 2 })!;

        var copier = result.Copier!;
        Assert.Equal(("a", 2, 1), (copier.Copied, copier.Pictures, copier.Queries));
        var folder = Assert.Single(Directory.GetDirectories(_world.Folder["study"], "copier-2-*"));
        Assert.Equal(4, Directory.GetDirectories(Path.Combine(folder, "models")).Length);
        var all = TrainingRecord.Read(Path.Combine(folder, "models/all-seed-11"));
        Assert.Equal((10, 25, copier.DatasetRoot), (all.Pictures!.Count, all.Options.Steps, all.Dataset.Root));

        var copies = Directory.GetFiles(Path.Combine(folder, "dataset/copier"));
        var query = TestPictures.Pattern(30, 8, 8);
        double[] sums =
        [
            .. Sums(query, Product).Values,
            copies.Sum(copy => Math.Max(0, Product(query, PictureReader.Read(copy).Picture))),
        ];
        double[] shares = [.. sums.Select(sum => sum / sums.Sum())];
        var method = Assert.Single(copier.Shares);
        Assert.Equal(result.Queries[0].Shares["pixel-dot"][0], method.CopiedBefore.Value, 1e-9);
        Assert.Equal(shares[0], method.CopiedAfter.Value, 1e-6);
        Assert.Equal(shares[3], method.Copier.Value, 1e-6);
        var change = copier.Changes[0];
        Assert.Equal(result.Queries[0].Changes["output-change"][0], change.CopiedBefore.Value, 1e-9);
        Assert.True(change.Copier.Value > 0 && change.Both.Value > 0);

        // What is there is used again.
        var written = File.GetLastWriteTimeUtc(copies[0]);
        Assert.Equal(copier.Shares, Run(Request("pixel-dot") with { Copies = 2 })!.Copier!.Shares);
        Assert.Equal(written, File.GetLastWriteTimeUtc(copies[0]));
    }

    [Fact]
    public void A_set_of_one_group_is_refused()
    {
        _world.Folder.Write("set/metadata.jsonl", string.Join('\n', Holders.Select((_, p) => Row(p, "a"))));
        Refuse(Request("das"), "are one group, 'a', and a model without it would have nothing to learn from");
        Refuse(Request("das") with { By = GroupKey.License }, "are one group, (not stated), and a model without it");
    }

    [Fact]
    public void Pictures_without_the_key_are_a_group_and_that_is_said()
    {
        _world.Folder.Write("set/metadata.jsonl", string.Join('\n', Holders.Take(5).Select((h, p) => Row(p, h))));

        var result = Run(Request("pixel-dot"))!;

        Assert.Equal(["(not stated)", "a", "b"], result.Groups.Select(group => group.Key));
        Assert.Equal(
            ["The rights-holder of 3 of 8 pictures is not stated; together they are one group, as in reports."],
            result.Notes
        );
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_trained()
    {
        Refuse(Request("random"), "Random scores have no shares; give {methods} another method as well.");
        Refuse(Request("das") with { By = GroupKey.Class, Copies = 1 }, "Nobody claims pictures by class");
        Refuse(Request("das") with { Copies = 4 }, "The largest group, 'a', has 3 pictures, not 4 to copy");
        Refuse(Request("journey-trak") with { Copies = 1 }, "follows how the audited model made the pictures");
        Assert.False(Directory.Exists(_world.Folder["study/models"]));
    }

    private static string Row(int picture, string holder) =>
        $$"""{"file_name": "p{{picture}}.png", "rights_holder": "{{holder}}"}""";

    private HoldoutRequest Request(params string[] methods) =>
        new()
        {
            Common = new()
            {
                Audit = _world.Audit(methods).Request(),
                HeldOut = "held",
                Study = _world.Folder["study"],
                Truth = new() { Timesteps = 2, Draws = 1 },
                BootstrapDraws = 100,
            },
        };

    private static HoldoutResult? Run(HoldoutRequest request) =>
        StageRecorder.Finished(stages =>
            new HoldoutEvaluation(TimeProvider.System, stages).Run(request, TestContext.Current.CancellationToken)
        );

    private static void Refuse(HoldoutRequest request, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<AuditException>(() => Run(request)).Message, StringComparison.Ordinal);

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6 * Math.Max(1, Math.Abs(a));

    private double[] Changes(Picture picture) => ChangesOf(StudyWorld.Training.Seed, picture);

    // By holder: mean squared difference to the predictions of the model of all.
    private double[] ChangesOf(long seed, Picture picture) =>
        [.. Without(seed).Select(model => Distance($"all-seed-{seed}", model, picture))];

    private double Distance(string a, string b, Picture picture) =>
        Timesteps.Average(t =>
        {
            using var scope = NewDisposeScope();
            return (Prediction(a, picture, t).Prediction - Prediction(b, picture, t).Prediction)
                .square()
                .mean()
                .item<float>();
        });

    private double[] Rises(Picture picture, Func<double, double> of)
    {
        // The logarithm is taken where little noise was added.
        int[] timesteps = of == (Func<double, double>)Math.Log ? Timesteps[..1] : Timesteps;
        var all = timesteps.Average(t => of(Loss("all-seed-11", picture, t)));
        return
        [
            .. Without(StudyWorld.Training.Seed)
                .Select(model => timesteps.Average(t => of(Loss(model, picture, t))) - all),
        ];
    }

    private double Loss(string model, Picture picture, int timestep)
    {
        using var scope = NewDisposeScope();
        var (prediction, noise) = Prediction(model, picture, timestep);
        return (prediction - noise).square().mean().item<float>();
    }

    // The models without a, b and c, found by what they were trained on.
    private IEnumerable<string> Without(long seed)
    {
        var set = _world.Set;
        var models = Directory
            .GetDirectories(_world.Folder["study/models"], $"without-*-seed-{seed}")
            .ToDictionary(folder => Path.GetFileName(folder), folder => TrainingRecord.Read(folder).Pictures!);
        foreach (var holder in Holders.Distinct())
        {
            var kept = set.Items.Where((_, p) => Holders[p] != holder).Select(item => item.PixelSha256).Order();
            yield return models.Single(model => model.Value.SequenceEqual(kept, StringComparer.Ordinal)).Key;
        }
    }

    private (Tensor Prediction, Tensor Noise) Prediction(string name, Picture picture, int timestep)
    {
        using var noGradient = no_grad();
        using var model = _world.Source.WithTrained(_world.Folder[$"study/models/{name}"]).Load(CPU);
        var clean = tensor(PictureTensor.ToValues(picture, model.PictureShape, ResizeMode.Crop), [1, 3, 8, 8]);
        var noise = new NoiseSource(1)
            .Normal(new(NoisePurpose.Attribution, timestep, 0), model.SampleShape)
            .unsqueeze(0);
        var t = tensor(new long[] { timestep });
        return (model.Predict(model.Process.AddNoise(clean, noise, t), t), noise);
    }

    private static double[] DotShares(Picture picture) => Shares(picture, Product);

    private static double[] Shares(Picture picture, Func<Picture, Picture, double> score)
    {
        double[] sums = [.. Sums(picture, score).Values];
        return [.. sums.Select(sum => sum / sums.Sum())];
    }

    // By holder, of the positive scores.
    private static SortedDictionary<string, double> Sums(Picture picture, Func<Picture, Picture, double> score)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (p, holder) in Holders.Index())
        {
            var positive = Math.Max(0, score(picture, TestPictures.Pattern(p, 8, 8)));
            sums[holder] = sums.GetValueOrDefault(holder) + positive;
        }
        return sums;
    }

    // The method pixel-dot: the inner product of pixels in [−1, 1].
    private static double Product(Picture a, Picture b) =>
        a.Rgb.Zip(b.Rgb, (x, y) => (x / 127.5 - 1) * (y / 127.5 - 1)).Sum();
}
