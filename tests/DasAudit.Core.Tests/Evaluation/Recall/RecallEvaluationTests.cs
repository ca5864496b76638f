using DasAudit.Abstractions;
using DasAudit.Core.Candidates;
using DasAudit.Core.Evaluation.Recall;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Retraining;

namespace DasAudit.Core.Tests.Evaluation.Recall;

/// <summary>Figures, held against what audits with fewer candidates list.</summary>
public sealed class RecallEvaluationTests : IDisposable
{
    private const int Pictures = 120;

    private static readonly string[] Images = ["query.png", "held/p50.png", "held/p51.png"];

    private readonly StudyWorld _world = new();

    public RecallEvaluationTests() => _world.Folder.WritePictures("set", 60, Pictures - StudyWorld.Pictures);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void Tops_are_those_of_audits_with_as_many_candidates(int background)
    {
        using var encoder = new FakeEncoder();

        var result = Run(background, [encoder], [1, 0.25]);

        var full = Audit("das", null, 0, null);
        var some = Audit("das", 30, background, encoder);
        var limits = Assert.Single(result.Encoders).Limits;
        Assert.Equal([120, 30], limits.Select(limit => limit.Limit));
        var left = limits[1];
        Assert.Equal(some.Average(scores => (double)scores.Pictures.Count), left.Candidates, 1e-9);
        Assert.InRange(left.Candidates, 30, 119);
        foreach (var (place, top) in ((int[])[10, 100]).Index())
        {
            var recall = left.Methods[0].Tops[place];
            Assert.Equal((ReferenceRanking.Full, top), (recall.Reference, recall.Top));
            var among = full.Zip(some, (a, b) => Part(Top(a, top), b.Pictures.Select(picture => picture.Item)));
            Assert.Equal(among.Average(), recall.AmongCandidates.Value, 1e-9);
            var ranked = full.Zip(some, (a, b) => Part(Top(a, top), Top(b, top)));
            Assert.Equal(ranked.Average(), recall.InRanking.Value, 1e-9);
            Assert.InRange(recall.InRanking.Value, recall.InRanking.Low, recall.InRanking.High);
        }
        Assert.True(left.Methods[0].Tops[1].AmongCandidates.Value < 1);
    }

    [Fact]
    public void With_all_pictures_nothing_is_lost_and_no_work_saved()
    {
        using var encoder = new FakeEncoder();

        var limit = Assert.Single(Run(0, [encoder], [1]).Encoders[0].Limits);

        Assert.Equal((1, 1, 120), (limit.Part, limit.Work, limit.Candidates));
        Assert.All(limit.Methods, method => Assert.All(method.Tops, top => Assert.Equal(new(1, 1, 1), top.InRanking)));
        Assert.Equal(["das", "pixel"], limit.Methods.Select(method => method.Method));
    }

    /// <summary>Whatever any query needs is computed, once.</summary>
    [Fact]
    public void Work_is_the_part_of_pictures_that_any_query_needs()
    {
        using var encoder = new FakeEncoder();

        var limit = Run(0, [encoder], [0.05]).Encoders[0].Limits[0];

        var needed = Audit("das", 6, 0, encoder).SelectMany(scores => scores.Pictures.Select(p => p.Item)).Distinct();
        Assert.Equal(needed.Count() / 120.0, limit.Work, 1e-12);
        Assert.True(limit.Work > limit.Candidates / Pictures);
    }

    [Fact]
    public void Encoders_stand_side_by_side()
    {
        using var one = new FakeEncoder('a');
        using var two = new FakeEncoder('b');

        var result = Run(0, [one, two], [0.1]);

        Assert.Equal([one.Sha256, two.Sha256], result.Encoders.Select(encoder => encoder.Sha256));
        Assert.Equal((120, 3, 1000), (result.Pictures, result.Queries, result.UsualLimit));
    }

    [Fact]
    public void Without_an_encoder_nothing_can_be_lost() =>
        Assert.Contains("{encoder}", Assert.Throws<AuditException>(() => Run(0, [], [1])).Message);

    [Fact]
    public void The_encoder_is_not_held_against_itself()
    {
        using var encoder = new FakeEncoder();

        var error = Assert.Throws<AuditException>(() => Run(0, [encoder], [1], "clip"));

        Assert.Contains("embeddings, as the choice of candidates does", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_background_that_no_method_has_a_kernel_for_is_not_recorded()
    {
        using var encoder = new FakeEncoder();

        Assert.Equal(2, Run(2, [encoder], [0.5]).Background);
        Assert.Equal(0, Of(["pixel"], 2, [encoder], [0.5]).Background);
    }

    /// <summary>Such as that of what happens when a picture is left out.</summary>
    [Fact]
    public void The_top_of_any_ranking_can_be_looked_for()
    {
        var reference = new ReferenceRanking(
            "truth",
            [
                [0.1, 0.9, 0.8, 0.2, 0.7],
            ]
        );

        var (among, ranked) = reference.Left(0, 3, candidates: [0, 1, 3, 4], scores: [5, 4, 3, 1]);

        Assert.Equal((2 / 3.0, 1 / 3.0), (among, ranked));
    }

    private RecallResult Run(
        int background,
        IReadOnlyList<IImageEncoder> encoders,
        IReadOnlyList<double> parts,
        params IReadOnlyList<string> further
    ) => Of(["das", "pixel", .. further], background, encoders, parts);

    private RecallResult Of(
        string[] methods,
        int background,
        IReadOnlyList<IImageEncoder> encoders,
        IReadOnlyList<double> parts
    ) =>
        StageRecorder.Finished(stages =>
            new RecallEvaluation(TimeProvider.System, stages).Run(
                new()
                {
                    Common = new()
                    {
                        Audit = (_world.Audit(methods) with { Background = background }).Request(),
                        HeldOut = "held",
                        Study = _world.Folder["study"],
                        BootstrapDraws = 100,
                    },
                    Encoders = encoders,
                    Parts = parts,
                },
                TestContext.Current.CancellationToken
            )
        );

    private List<AuditScores> Audit(string method, int? limit, int background, IImageEncoder? encoder)
    {
        var audit = _world.Audit(method) with
        {
            Images = Images,
            Top = null,
            Candidates = new() { Limit = limit },
            Background = background,
            Encoder = encoder,
        };
        return [.. audit.Run().Select(report => report.Scores!)];
    }

    private static IReadOnlyList<string> Top(AuditScores scores, int top) =>
        [
            .. scores
                .Pictures.Zip(scores.Methods[0].Mean)
                .OrderByDescending(pair => pair.Second)
                .Take(top)
                .Select(pair => pair.First.Item),
        ];

    private static double Part(IReadOnlyList<string> top, IEnumerable<string> found) =>
        (double)top.Intersect(found).Count() / top.Count;
}
