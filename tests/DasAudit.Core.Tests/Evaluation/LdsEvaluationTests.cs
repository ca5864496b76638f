using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Evaluation;

public sealed class LdsEvaluationTests : IDisposable
{
    private readonly StudyWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>
    /// The losses under the trained models, computed pass by pass, and the sums of scores in reports.
    /// </summary>
    [Fact]
    public void It_is_the_correlation_of_summed_scores_with_losses_of_the_models()
    {
        var result = Run(Request())!;

        var method = Assert.Single(result.Methods, method => method.Method == "pixel-dot");
        Assert.Equal(ExpectedLds(Product), method.Lds, 1e-9);
        Assert.InRange(method.Lds, method.Low, method.High);
        Assert.Equal([1, 2], [result.Generated, result.HeldOut]);
        Assert.Equal(
            ["pixel-dot", "das", "random"],
            result.Methods.Select(m => m.Method).OrderBy(id => id != "pixel-dot").ThenBy(id => id)
        );
        Assert.Equal(["das", "random"], result.Differences.Select(difference => difference.A).Order());
        Assert.Null(result.Ceiling);
    }

    /// <summary>Likeness by an encoder, the other plain baseline of published tables.</summary>
    [Fact]
    public void Embeddings_are_compared_with_an_encoder()
    {
        using var encoder = new FakeEncoder();
        var request = Request();
        var audit = (_world.Audit("clip") with { Encoder = encoder }).Request();

        var result = Run(request with { Common = request.Common with { Audit = audit } })!;

        Assert.Equal(ExpectedLds(FakeEncoder.Cosine), Assert.Single(result.Methods).Lds, 1e-9);
    }

    [Fact]
    public void Shares_train_their_models_and_measure_nothing()
    {
        Assert.Null(Run(Request(), share: new(1, 2)));
        var first = Directory.GetDirectories(_world.Folder["study/models"]);
        Assert.Null(Run(Request(), share: new(2, 2)));
        var models = Directory.GetDirectories(_world.Folder["study/models"]);
        Assert.Equal((3, 6), (first.Length, models.Length));

        var written = models.ToDictionary(
            model => model,
            model => File.GetLastWriteTimeUtc(Path.Combine(model, "weights.safetensors"))
        );
        Assert.NotNull(Run(Request()));

        Assert.All(
            written,
            model => Assert.Equal(model.Value, File.GetLastWriteTimeUtc(Path.Combine(model.Key, "weights.safetensors")))
        );
    }

    [Fact]
    public void Two_training_seeds_tell_the_ceiling()
    {
        var result = Run(Request(), seeds: 2)!;

        var target = result.Targets[0];
        Assert.Equal(12, Directory.GetDirectories(_world.Folder["study/models"]).Length);
        Assert.Equal([11L, 12L], result.TrainingSeeds);
        var ofMeans = 2 * target.SeedAgreement!.Value / (1 + target.SeedAgreement.Value);
        Assert.Equal(Math.Sqrt(Math.Max(0, ofMeans)), target.Ceiling!.Value, 1e-12);
    }

    [Fact]
    public void Raw_losses_are_written()
    {
        Run(Request() with { LossesFile = _world.Folder["losses.csv"] });

        var lines = File.ReadAllLines(_world.Folder["losses.csv"]);
        Assert.Equal("model,query,timestep,loss,change", lines[0]);
        Assert.Equal(6 * 3 * 2, lines.Length - 1);
        Assert.StartsWith("part-0.5-000-seed-11,query.png,125,", lines[1]);
        var model = Path.Combine(_world.Folder["study/models"], "part-0.5-000-seed-11");
        var loss = double.Parse(lines[1].Split(',')[3], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Loss(model, TestPictures.Pattern(30, 8, 8), 125), loss, 1e-6);
    }

    [Fact]
    public async Task Raw_losses_are_written_as_parquet_too()
    {
        Run(Request() with { LossesFile = _world.Folder["losses.csv"] });
        Run(Request() with { LossesFile = _world.Folder["losses.parquet"] });

        using var file = File.OpenRead(_world.Folder["losses.parquet"]);
        var rows = (
            await Parquet.Serialization.ParquetSerializer.DeserializeUntypedAsync(
                file,
                cancellationToken: TestContext.Current.CancellationToken
            )
        ).Data;
        var lines = File.ReadAllLines(_world.Folder["losses.csv"]).Skip(1);
        Assert.Equal(
            lines,
            rows.Select(row =>
                FormattableString.Invariant(
                    $"{row["model"]},{row["query"]},{row["timestep"]},{row["loss"]},{row["change"]}"
                )
            )
        );
    }

    [Theory]
    [InlineData("losses.csv")]
    [InlineData("losses.parquet")]
    public void Losses_from_elsewhere_give_the_same_as_those_from_here(string losses)
    {
        var here = Run(Written(losses))!;

        var elsewhere = Run(Given(losses))!;

        Assert.Equal(
            here.Targets.SelectMany(target => target.Methods),
            elsewhere.Targets.SelectMany(target => target.Methods)
        );
        Assert.Equal((6, 0.5), (elsewhere.Subsets, elsewhere.Part));
        Assert.StartsWith("6 models trained elsewhere on 0.5 of the pictures", elsewhere.Setting);
    }

    [Fact]
    public void Losses_without_changes_leave_out_what_needs_them_and_pictures_may_be_named_by_their_pixels()
    {
        var here = Run(Written("losses.csv"))!;
        Edit("losses.csv", line => line[..line.LastIndexOf(',')]);
        var set = _world.Set;
        foreach (var item in set.Items)
            Edit("parts.csv", line => line.Replace("," + item.Path, "," + item.PixelSha256, StringComparison.Ordinal));

        var elsewhere = Run(Given("losses.csv"))!;

        Assert.Equal(
            here.Targets.Select(target => target.Target).Where(name => name != "output-change"),
            elsewhere.Targets.Select(target => target.Target)
        );
        Assert.Equal(here.Methods, elsewhere.Methods);
    }

    [Theory]
    [InlineData(
        "losses.csv",
        "-003-seed-11,query.png,125,",
        "-003-seed-11,other.png,125,",
        "has no loss of 'query.png'"
    )]
    [InlineData("losses.csv", ",625,", ",9000,", "timesteps 0 to 999")]
    [InlineData("losses.csv", "-003-seed-11,query.png,125,", "-003-seed-11,query.png,625,", "has two losses of")]
    [InlineData("losses.csv", "loss,change", "lost,change", "has no column 'loss'")]
    [InlineData("losses.csv", "-003-seed-11,query.png,125,", "-003-seed-11,query.png,early,", "holds no finite number")]
    [InlineData("losses.csv", "-003-seed-11,query.png,125,", "-003-seed-11,query.png,125.5,", "holds no whole number")]
    [InlineData("losses.csv", "model,query", "\"model,query", "is no table that can be read")]
    [InlineData("parts.csv", "p1.png", "p99.png", "names the picture 'p99.png'")]
    [InlineData("parts.csv", "-003-seed-11", "-004-seed-11", "does not say what the model")]
    public void What_losses_from_elsewhere_lack_is_said(string file, string from, string to, string sentence)
    {
        Run(Written("losses.csv"));
        Edit(file, line => line.Replace(from, to, StringComparison.Ordinal));

        var error = Assert.Throws<AuditException>(() => Run(Given("losses.csv")));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_from_elsewhere_that_are_not_there_or_broken_are_refused_before_a_model_is_loaded()
    {
        _world.Folder.Write("losses.parquet", "PAR1 and no more");
        File.Delete(Path.Combine(_world.Folder["model"], "config"));

        Assert.Contains("give a table as {losses} and {parts} write it", Refusal("missing.csv"));
        Assert.Contains("is no table that can be read", Refusal("losses.parquet"));

        string Refusal(string losses) => Assert.Throws<AuditException>(() => Run(Given(losses))).Message;
    }

    [Fact]
    public void Sets_and_dampings_stand_beside_the_methods()
    {
        var methods = Run(Request() with { WithSets = true, WithCurve = true })!.Methods;

        string[] ids = ["das", "das (sets)", "das df:0.02", "das df:0.05", "das df:0.1", "das df:0.2", "das df:0.3"];
        Assert.Equal(
            [.. ids, "das df:0.5", "pixel-dot", "random"],
            methods.Select(method => method.Method).Order(StringComparer.Ordinal)
        );
        // What a kernel's own rule chooses is one of them.
        Assert.Equal(Of("das"), Of("das df:0.1"));
        Assert.NotEqual(Of("das"), Of("das (sets)"));

        double Of(string id) => methods.Single(method => method.Method == id).Lds;
    }

    [Fact]
    public void Models_of_another_architecture_are_refused()
    {
        Run(Request(), share: new(1, 2));
        Run(Request(), share: new(2, 2));
        _world.Folder.Write($"study/models/part-0.5-003-seed-11/{StudyWorld.PredictsVelocity}", "");

        var error = Assert.Throws<AuditException>(() => Run(Request()));

        Assert.Contains("holds a model of another architecture", error.Message);
    }

    [Fact]
    public void Too_few_parts_are_refused() =>
        Assert.Contains("{subsets}", Assert.Throws<AuditException>(() => Run(Request() with { Subsets = 3 })).Message);

    private LdsRequest Written(string losses) =>
        Request() with
        {
            LossesFile = _world.Folder[losses],
            PartsFile = _world.Folder["parts.csv"],
        };

    private LdsRequest Given(string losses) =>
        Request() with
        {
            Given = new(_world.Folder[losses], _world.Folder["parts.csv"]),
        };

    private void Edit(string file, Func<string, string> line) =>
        File.WriteAllLines(_world.Folder[file], [.. File.ReadAllLines(_world.Folder[file]).Select(line)]);

    private LdsRequest Request() =>
        new()
        {
            Subsets = 6,
            Common = new()
            {
                Audit = _world.Audit("pixel-dot", "das", "random").Request(),
                HeldOut = "held",
                Study = _world.Folder["study"],
                Truth = new() { Timesteps = 2, Draws = 1 },
                BootstrapDraws = 100,
            },
        };

    private static LdsResult? Run(LdsRequest request, Core.Retraining.JobShare? share = null, int seeds = 1)
    {
        var common = request.Common with { TrainingSeeds = seeds, Share = share ?? Core.Retraining.JobShare.All };
        return StageRecorder.Finished(stages =>
            new LdsEvaluation(TimeProvider.System, stages).Run(
                request with
                {
                    Common = common,
                },
                TestContext.Current.CancellationToken
            )
        );
    }

    private double ExpectedLds(Func<Core.Pictures.Picture, Core.Pictures.Picture, double> score)
    {
        var models = Directory.GetDirectories(_world.Folder["study/models"]).Order(StringComparer.Ordinal).ToList();
        int[] queries = [30, 50, 51];
        var set = _world.Set;
        var correlations = queries.Select(query =>
        {
            var picture = TestPictures.Pattern(query, 8, 8);
            double[] losses = [.. models.Select(model => (Loss(model, picture, 125) + Loss(model, picture, 625)) / 2)];
            double[] sums =
            [
                .. models.Select(model =>
                    Core.Training.TrainingRecord.Read(model)
                        .Pictures!.Sum(hash =>
                            score(picture, set.Read(set.Items.Single(item => item.PixelSha256 == hash)))
                        )
                ),
            ];
            return Ranking.Spearman([.. losses.Select(loss => -loss)], sums);
        });
        return correlations.Average();
    }

    // The method pixel-dot: the inner product of pixels in [−1, 1].
    private static double Product(Core.Pictures.Picture a, Core.Pictures.Picture b) =>
        a.Rgb.Zip(b.Rgb, (x, y) => (x / 127.5 - 1) * (y / 127.5 - 1)).Sum();

    private double Loss(string folder, Core.Pictures.Picture picture, int timestep)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var noGradient = TorchSharp.torch.no_grad();
        using var model = _world.Source.WithTrained(folder).Load(TorchSharp.torch.CPU);
        var values = Core.Pictures.PictureTensor.ToValues(picture, model.PictureShape, Core.Pictures.ResizeMode.Crop);
        var clean = TorchSharp.torch.tensor(values, [1, 3, 8, 8]);
        var noise = new NoiseSource(1)
            .Normal(new(NoisePurpose.Attribution, timestep, 0), model.SampleShape)
            .unsqueeze(0);
        var t = TorchSharp.torch.tensor(new long[] { timestep });
        var prediction = model.Predict(model.Process.AddNoise(clean, noise, t), t);
        return (prediction - noise).square().mean().item<float>();
    }
}
