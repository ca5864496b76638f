using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Evaluation.Sanity;

/// <summary>Each check fails a method that is broken in its way, and passes one that is not.</summary>
public sealed class SanityEvaluationTests : IDisposable
{
    // Draws of the queries under the trained weights, which come first.
    private const int Trained = 2 * 5;

    private readonly SanityWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_method_on_which_weights_have_no_part_fails_weights()
    {
        var blind = new ScriptedMethod("blind", ScriptedMethod.Likeness);
        var seeing = new ScriptedMethod("seeing", FirstGradient);

        var result = _world.Run(blind, seeing);

        var finding = SanityWorld.Find(result, "blind", "weights");
        Assert.Equal((SanityStatus.Failed, 1, 1), (finding.Status, finding.Value, finding.Threshold));
        Assert.Contains("nothing shows that it tells of what was learnt", finding.Sentence);
        Assert.Equal(SanityStatus.Passed, SanityWorld.Find(result, "seeing", "weights").Status);
        Assert.False(result.Passed);
        Assert.True((result with { Methods = [] }).Passed);

        // The first number of each picture's gradient, whatever the draw.
        static double[] FirstGradient(MethodInputs inputs, int draw) =>
            [.. inputs.Features.Values.Single()[0].Scored.Select(picture => (double)picture.Rows.Values.First()[0][0])];
    }

    [Fact]
    public void Embeddings_of_planted_pictures_are_not_there() =>
        Assert.Equal(
            "The method clip compares embeddings, and no encoder looks at planted pictures; leave it out of {methods}.",
            Assert.Throws<AuditException>(() => _world.Run(MethodCatalog.Find("clip"))).Message
        );

    /// <summary>Where there is no noise, the threshold is that from which on rankings are alike.</summary>
    [Fact]
    public void Without_noise_draws_weights_have_a_threshold_of_their_own()
    {
        var result = _world.Run(new ScriptedMethod("blind", ScriptedMethod.Likeness, draws: 1, ScoreNoise.None));

        var finding = SanityWorld.Find(result, "blind", "weights");
        Assert.Equal((SanityStatus.Failed, 0.9), (finding.Status, finding.Threshold));
        Assert.Equal(SanityStatus.NotApplicable, SanityWorld.Find(result, "blind", "noise").Status);
    }

    [Fact]
    public void With_one_noise_draw_weights_cannot_be_told_from_noise()
    {
        var request = _world.Request([MethodCatalog.Find("gradient-cosine")]);
        var audit = request.Common.Audit;
        var gradients = audit.Options.Gradients with { Replicates = 1 };
        var common = request.Common with
        {
            Audit = audit with { Options = audit.Options with { Gradients = gradients } },
        };

        var result = SanityWorld.Run(request with { Common = common })!;

        var finding = SanityWorld.Find(result, "gradient-cosine", "weights");
        Assert.Equal(SanityStatus.NotApplicable, finding.Status);
        Assert.Contains("{replicates}", finding.Sentence);
    }

    /// <summary>
    /// Where there is less noise under untrained weights, draws agree more with the untrained model's than with each
    /// other, though the ranking is another one.
    /// </summary>
    [Fact]
    public void Noise_that_untrained_weights_do_not_have_hides_no_difference()
    {
        var draws = new List<double[]>();

        var finding = SanityWorld.Find(_world.Run(new ScriptedMethod("noisy", Noisy)), "noisy", "weights");

        var within = draws.Take(Trained).Chunk(2).Average(pair => Ranking.Spearman(pair[0], pair[1]));
        Assert.True(finding.Value > within);
        Assert.Equal(SanityStatus.Passed, finding.Status);
        Assert.InRange(finding.Threshold!.Value, Math.Sqrt(within) - 0.05, Math.Sqrt(within) + 0.05);

        double[] Noisy(MethodInputs inputs, int draw)
        {
            var isTrained = draws.Count < Trained;
            var noise = RandomNumbers.Normal(5, inputs.Scored, draws.Count);
            var another = RandomNumbers.Normal(6, inputs.Scored);
            draws.Add([.. Scores(inputs, i => Signal(i) + (isTrained ? 1.5 * noise[i] : another[i]))]);
            return draws[^1];
        }

        static double Signal(int picture) => (picture - 12) / 7.0;
    }

    [Fact]
    public void A_method_that_ranks_alike_for_every_query_fails_queries()
    {
        var result = _world.Run(
            new ScriptedMethod("alike", (inputs, draw) => [.. Scores(inputs, i => i * (draw + 1.0))]),
            new ScriptedMethod("likeness", ScriptedMethod.Likeness)
        );

        var finding = SanityWorld.Find(result, "alike", "queries");
        Assert.Equal(SanityStatus.Failed, finding.Status);
        Assert.Equal(1, finding.Value!.Value, 1e-12);
        Assert.Equal(SanityStatus.Passed, SanityWorld.Find(result, "likeness", "queries").Status);
    }

    [Fact]
    public void A_method_of_chance_fails_noise_copies_and_canaries()
    {
        var result = _world.Run(MethodCatalog.Find("random"), new ScriptedMethod("likeness", ScriptedMethod.Likeness));

        foreach (var check in (string[])["noise", "copies", "canaries"])
        {
            var finding = SanityWorld.Find(result, "random", check);
            Assert.Equal((check, SanityStatus.Failed), (check, finding.Status));
            Assert.NotNull(finding.Sentence);
            Assert.Equal((check, SanityStatus.Passed), (check, SanityWorld.Find(result, "likeness", check).Status));
        }
        Assert.Equal(SanityStatus.NotApplicable, SanityWorld.Find(result, "random", "weights").Status);
    }

    /// <summary>Which copy it misses is said.</summary>
    [Fact]
    public void One_copy_that_is_missed_fails_copies()
    {
        var result = _world.Run(new ScriptedMethod("misses", ExceptTheLastShift));

        var finding = SanityWorld.Find(result, "misses", "copies");
        Assert.Equal(SanityStatus.Failed, finding.Status);
        Assert.Equal(0.9, finding.Value!.Value, 1e-12);
        Assert.Contains("90%", finding.Sentence);
        Assert.Contains("50% of those of 'p51.png'", finding.Sentence);

        // Copies are planted in pairs, the shifted one second.
        static double[] ExceptTheLastShift(MethodInputs inputs, int draw)
        {
            var scores = ScriptedMethod.Likeness(inputs, draw);
            if (scores.Length == SanityWorld.Pictures + 10)
                scores[^1] = double.NegativeInfinity;
            return scores;
        }
    }

    /// <summary>Ties are no finds: a method that says the same of all pictures finds nothing.</summary>
    [Fact]
    public void A_constant_finds_nothing()
    {
        var result = _world.Run(new ScriptedMethod("constant", (inputs, _) => [.. Scores(inputs, _ => 1.0)]));

        Assert.Equal(0, SanityWorld.Find(result, "constant", "copies").Value);
        Assert.Equal(0, SanityWorld.Find(result, "constant", "canaries").Value);
        var foreign = SanityWorld.Find(result, "constant", "foreign");
        Assert.Equal((SanityStatus.Failed, 0.5), (foreign.Status, foreign.Value));
        Assert.Contains("does not tell", foreign.Sentence);
    }

    [Fact]
    public void A_method_that_prefers_what_is_unlike_fails_foreign()
    {
        var result = _world.Run(
            new ScriptedMethod("unlike", (inputs, _) => [.. Scores(inputs, i => i)]),
            new ScriptedMethod("native", (inputs, _) => [.. Scores(inputs, i => -i)])
        );

        var unlike = SanityWorld.Find(result, "unlike", "foreign");
        Assert.Equal((SanityStatus.Failed, 0), (unlike.Status, unlike.Value));
        Assert.Contains("above training pictures", unlike.Sentence);
        var native = SanityWorld.Find(result, "native", "foreign");
        Assert.Equal((SanityStatus.Passed, 1), (native.Status, native.Value));
        Assert.Null(native.Sentence);
    }

    [Fact]
    public void What_cannot_be_asked_is_not_failed()
    {
        var request = _world.Request([MethodCatalog.Find("pixel")]);
        var withoutHeldOut = request with { Common = request.Common with { HeldOut = null } };

        var result = SanityWorld.Run(withoutHeldOut)!;

        Assert.Equal("It looks at no model.", NotAsked("weights"));
        Assert.Contains("no noise", NotAsked("noise"));
        Assert.Contains("{held-out}", NotAsked("canaries"));
        Assert.Contains("{subsets}", NotAsked("non-members"));
        Assert.Equal((3, 0, 24), (result.Generated, result.HeldOut, result.Pictures));

        string? NotAsked(string check)
        {
            var finding = SanityWorld.Find(result, "pixel", check);
            Assert.Equal(SanityStatus.NotApplicable, finding.Status);
            return finding.Sentence;
        }
    }

    /// <summary>As models that no train made have none.</summary>
    [Fact]
    public void A_model_need_not_say_how_it_was_trained()
    {
        File.Delete(_world.Folder["model/training.json"]);

        Assert.NotNull(_world.Run(MethodCatalog.Find("pixel")));
        var request = _world.Request([MethodCatalog.Find("pixel")]) with { Subsets = 8 };
        var error = Assert.Throws<AuditException>(() => SanityWorld.Run(request));
        Assert.Contains("does not say how it was trained", error.Message);
    }

    [Fact]
    public void Planted_pictures_are_kept_and_used_again()
    {
        _world.Run(MethodCatalog.Find("pixel"));
        var written = _world.Planted("copies").ToDictionary(path => path, File.GetLastWriteTimeUtc);

        _world.Run(MethodCatalog.Find("pixel"));

        Assert.Equal(written, _world.Planted("copies").ToDictionary(path => path, File.GetLastWriteTimeUtc));
        Assert.Equal(10, written.Count);
        Assert.Equal((2, 24), (_world.Planted("canaries").Count, _world.Planted("foreign").Count));
        // Other queries have other copies, beside them.
        var request = _world.Request([MethodCatalog.Find("pixel")]);
        SanityWorld.Run(request with { Common = request.Common with { HeldOutCount = 1 } });
        Assert.Equal(2, Directory.GetDirectories(_world.Folder["study/planted"], "copies-*").Length);
    }

    [Fact]
    public void Fewer_models_than_can_tell_are_refused()
    {
        var request = _world.Request([MethodCatalog.Find("pixel")]) with { Subsets = 7 };

        Assert.Contains("{subsets}", Assert.Throws<AuditException>(() => SanityWorld.Run(request)).Message);
    }

    private static IEnumerable<double> Scores(MethodInputs inputs, Func<int, double> score) =>
        Enumerable.Range(0, inputs.Scored).Select(score);
}
