using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Curvature;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Attribution.Methods;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Every method of gradient features in an audit of a real network, from pictures to ranks.</summary>
public sealed class MethodAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MethodAuditTests()
    {
        _folder.WritePictures("set", 0, 6);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    // A trajectory is what generate knows of its own pictures, not what a folder of pictures knows.
    public static TheoryData<string> Ids => [.. ReferenceTests.Ids.Where(id => id != "journey-trak")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_method_ranks_the_pictures_of_a_folder(string id)
    {
        var report = Request(id).Report();
        Assert.Equal(id, report.Method.Id);
        Assert.Equal(
            MethodCatalog.Find(id).Description.Damping?.ToString()
                ?? MethodCatalog.Find(id).Description.OwnDamping
                ?? "none",
            report.Method.Damping
        );
        Assert.All(report.Attributions, attribution => Assert.True(double.IsFinite(attribution.Score)));
        Assert.Equal(6, report.Attributions.Select(attribution => attribution.Score).Distinct().Count());

        // By Cauchy and Schwarz these cannot put another picture before the query itself; other methods weigh pictures
        // by their gradients' lengths.
        if (id is "gradient-cosine" or "diffusion-retrac" or "dmin" or "l-relative-if")
            Assert.Equal("p2.png", report.Attributions[0].Item);
    }

    [Fact]
    public void What_keeps_to_up_blocks_says_that_a_model_without_them_was_looked_at_as_a_whole()
    {
        const string Sentence = "The model has no attributed parameters in up blocks, to which pva-mini would keep";
        var whole = Request("pva-mini").Report();
        Assert.Contains(whole.Limits, limit => limit.StartsWith(Sentence, StringComparison.Ordinal));
        Assert.Null(whole.Method.Parameters);
        Assert.DoesNotContain(Request("pva-12").Report().Limits, limit => limit.StartsWith("The model has no attr"));
    }

    [Theory]
    [InlineData("activation-ridge", "none")]
    [InlineData("ekfac", "loss")]
    [InlineData("kfac", "loss")]
    public void Methods_with_passes_of_their_own_rank_the_pictures_too(string id, string function)
    {
        var report = Request(id).Report();
        Assert.Equal((id, function), (report.Method.Id, report.Method.OutputFunction));
        Assert.Equal(6, report.Attributions.Select(attribution => attribution.Score).Distinct().Count());
        Assert.All(
            report.Attributions,
            attribution => Assert.True(double.IsFinite(attribution.Score) && attribution.StandardError > 0)
        );
        Assert.True(report.Attributions.Single(attribution => attribution.Item == "p2.png").Score > 0);
        if (id == "activation-ridge")
        {
            Assert.Equal("p2.png", report.Attributions[0].Item);
            Assert.Contains(
                report.Limits,
                limit => limit.StartsWith("The activations that were compared are those at ", StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("das", 1, "A single noise draw was used")]
    [InlineData("das", 2, "Standard errors and intervals cover the noise draws of this audit only")]
    [InlineData("das-v", 2, "This method makes one score of 2 noise draws")]
    [InlineData("das-v", 4, "Standard errors and intervals cover the noise draws of this audit only")]
    [InlineData("das-official", 2, "Standard errors and intervals cover the noise draws of this audit only")]
    [InlineData("trak", 2, "Standard errors and intervals cover the noise draws of this audit only")]
    [InlineData("activation-ridge", 2, "Standard errors and intervals cover the noise draws of this audit only")]
    [InlineData("pixel", 2, "The scores depend on no noise")]
    [InlineData("pixel-ridge", 2, "The scores depend on no noise")]
    [InlineData("random", 2, "Standard errors cover the draws of random numbers only.")]
    [InlineData("random", 1, "Random numbers were drawn once")]
    public void Reports_say_what_is_true_of_their_method_and_nothing_else(string id, int draws, string errors)
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"decoys/d{i}.png", TestPictures.Png(20 + i, 8, 8));
        var (method, request) = (
            MethodCatalog.Find(id),
            Request(id) with
            {
                Decoys = "decoys",
                Method = new() { Residual = ResidualKind.Rms },
            }
        );
        var report = (request with { Gradients = request.Gradients with { Replicates = draws } }).Report();
        var info = report.Method;
        Assert.Equal(method.Description.Scores.Meaning, info.Scores!.Meaning);
        Assert.Single(report.Limits, limit => limit.StartsWith(errors, StringComparison.Ordinal));
        Assert.Equal(
            errors.StartsWith("Standard", StringComparison.Ordinal),
            report.Attributions.All(a => a.StandardError is not null)
        );
        Assert.Equal(method.Description.Scores.Noise == ScoreNoise.None ? 0 : draws, info.Replicates);
        Assert.Equal(method.Needs.LooksAtModel, info.Timesteps.Count > 0);
        Assert.Equal(method.Needs.TakesGradients, report.Model.AttributedParameters > 0);
        Assert.Equal(method.Needs.LooksAtModel, info.Projection != "none");
        Assert.Equal(id is "das" ? "rms" : "none", info.Residual);
        Assert.Equal(id != "random", report.Groups.Count > 0);
        Assert.Equal(
            id is "pixel" or "pixel-ridge",
            report.Limits.Any(limit =>
                limit.StartsWith("This method does not look at the model at all", StringComparison.Ordinal)
            )
        );
        Assert.Equal(
            method.Description.Scores.Kind == ScoreKind.Influence,
            report.Limits.Any(limit => limit.Contains("It is evidence of influence", StringComparison.Ordinal))
        );
        Assert.Equal(
            id.StartsWith("das", StringComparison.Ordinal) && id != "das-official" || id == "trak",
            report.Attributions.All(a => a.Direction != 0)
        );
        Assert.Equal(
            id is "das-official" or "activation-ridge" or "pixel" or "pixel-ridge" or "random",
            report.Attributions.All(a => a.Direction == 0)
        );
    }

    [Fact]
    public void Cross_validation_chooses_the_damping_of_das_v_whether_features_are_kept_or_not()
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"decoys/d{i}.png", TestPictures.Png(20 + i, 8, 8));
        for (var i = 6; i < 24; i++)
            _folder.Write($"set/p{i}.png", TestPictures.Png(30 + i, 8, 8));
        var request = Request("das-v") with
        {
            Adapter = new TinyAdapter(_ => Loud()),
            Method = new() { Damping = new CrossValidation() },
            Gradients = TestAudit.Passes(3, 4, 256),
        };
        var report = request.Report();
        Assert.Equal("gcv", report.Method.Damping);
        var values = (request with { Method = new() }).Reports()[0].Method;
        Assert.NotEqual(values.DampingValues, report.Method.DampingValues);
        Assert.Equal(4, report.Method.DampingValues.Distinct().Count());
        foreach (
            var other in new[]
            {
                request with
                {
                    FeatureStore = "kept",
                },
                request with
                {
                    FeatureStore = "kept",
                },
                request with
                {
                    Decoys = "decoys",
                },
            }
        )
            Assert.Equal(report.Method.DampingValues, other.Report().Method.DampingValues);
    }

    [Theory]
    [InlineData("das-v", "das")]
    [InlineData("trak")]
    [InlineData("das-v", "pixel-ridge")]
    [InlineData("activation-ridge")]
    public void Cross_validation_of_methods_without_targets_is_refused_before_anything_is_computed(params string[] ids)
    {
        var request = Request(ids) with
        {
            Method = new() { Damping = new CrossValidation() },
            Dataset = "not there",
        };
        Assert.Equal(
            $"The damping rule gcv needs a method whose features are probes of all outputs, and {ids[^1]} has no "
                + "targets to cross-validate; choose df:0.1 or recall, or the method das-v.",
            request.Refusal()
        );
    }

    [Fact]
    public void Cross_validation_leaves_methods_alone_that_have_no_damping() =>
        Assert.Equal(
            "none",
            (Request("gradient-dot") with { Method = new() { Damping = new CrossValidation() } })
                .Report()
                .Method.Damping
        );

    [Fact]
    public void Influences_by_curvature_are_those_of_the_candidates_alone()
    {
        var request = Request("ekfac", "kfac");
        ModelPicture Picture(string path) =>
            new(
                path,
                () =>
                    PictureTensor.ToValues(
                        PictureReader.Read(Path.Combine(_folder.Path, path), path).Picture,
                        new(3, 8, 8)
                    )
            );
        var expected = new EkfacEngine(new(() => new TinyUnet(3)), request.Gradients, 1).Compute(
            [Picture("query.png")],
            [.. Enumerable.Range(0, 6).Select(i => Picture($"set/p{i}.png"))],
            6,
            null,
            TestContext.Current.CancellationToken
        );
        var methods = request.Report().Comparison!.Methods;
        Assert.Equal([6, 6], methods.Select(method => method.Top.Count));
        foreach (var (method, scores) in methods.Zip([expected.Corrected, expected.Kronecker]))
        foreach (var item in method.Top)
            Assert.Equal(scores.Average(draw => draw[0][item.Item[1] - '0']), item.Score, 1e-9 * Math.Abs(item.Score));
    }

    [Fact]
    public void Passes_of_their_own_are_of_each_query_and_its_own_candidates()
    {
        _folder.Write("other.png", TestPictures.Png(4, 8, 8));
        string[] methods = ["activation-ridge", "ekfac", "kfac"];
        var together = (Request(methods) with { Images = ["query.png", "other.png"] }).Reports();
        Assert.Equal(["p2.png", "p4.png"], together.Select(report => report.Attributions[0].Item));
        Assert.NotEqual(
            together[0].Comparison!.Methods[1].Top.Select(item => item.Score),
            together[1].Comparison!.Methods[1].Top.Select(item => item.Score)
        );
        foreach (var (image, report) in new[] { "query.png", "other.png" }.Zip(together))
        {
            // Two methods share the passes, and the other picture changes nothing.
            Assert.Equal(methods, report.Comparison!.Methods.Select(method => method.Id));
            foreach (var method in report.Comparison.Methods)
                Assert.Equal(
                    (Request(method.Id) with { Images = [image] }).Report().Attributions.Select(a => (a.Item, a.Score)),
                    method.Top.Select(item => (item.Item, item.Score))
                );
        }
    }

    [Theory]
    [InlineData("empirical-influence")]
    [InlineData("datamodel")]
    public void Methods_of_retrained_models_say_what_makes_them(string id) =>
        Assert.Contains("train {part}", Request(id).Refusal(), StringComparison.Ordinal);

    // A network of small weights predicts next to nothing, so that little of the targets follows from its gradients.
    private static TinyUnet Loud()
    {
        var model = new TinyUnet(3);
        using var noGradient = TorchSharp.torch.no_grad();
        foreach (var parameter in model.Network.parameters())
            parameter.mul_(5);
        return model;
    }

    private TestAudit Request(params string[] ids) =>
        TestAudit.Of(_folder, ids) with
        {
            Gradients = TestAudit.Passes(3, 2, 256),
        };
}
