using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>What every method of gradient features owes, whatever its formula.</summary>
public class CatalogTests
{
    private static readonly Case Usual = new()
    {
        Members = 7,
        Dimension = 10,
        Decoys = 3,
        Replicates = 2,
    };

    public static TheoryData<string> All => [.. ReferenceTests.Ids];

    [Fact]
    public void Ids_are_unique_and_every_method_says_what_it_is()
    {
        Assert.Distinct(MethodCatalog.All.Select(method => method.Description.Id));
        Assert.All(
            MethodCatalog.All,
            method =>
                Assert.All(
                    [
                        method.Description.Scores.Meaning,
                        method.Description.Scores.Scale,
                        method.Description.Title,
                        method.Description.Source,
                        method.Description.Cost,
                        method.Description.Scores.LargerMeans,
                    ],
                    text => Assert.NotEmpty(text)
                )
        );
        Assert.Distinct(MethodCatalog.All.Select(method => method.Description.Scores.Meaning));
        Assert.All(
            MethodCatalog.All,
            method => Assert.EndsWith(".", method.Description.Scores.Meaning, StringComparison.Ordinal)
        );
        Assert.All(
            MethodCatalog.All,
            method => Assert.DoesNotMatch("[.]$|query", method.Description.Scores.LargerMeans)
        );
        Assert.Contains("'das-x'", Assert.Throws<AuditException>(() => MethodCatalog.Find("das-x")).Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_method_says_of_its_scores_what_they_are(string id)
    {
        var method = MethodCatalog.Find(id);
        var scores = method.Score(Usual.For(method), new(), CancellationToken.None);
        Assert.Equal(!scores.Queries[0].AddsUp, method.Description.Scores.ChangesAddUp);
        Assert.Equal(
            scores.Queries[0].Directions is not null,
            method.Description.Scores.Direction == ScoreDirection.Beside
        );
        Assert.Equal(
            (ScoreKind.Influence, ScoreNoise.Drawn, true),
            (method.Description.Scores.Kind, method.Description.Scores.Noise, method.Description.Scores.IncludeDecoys)
        );
        Assert.Equal(
            scores.Queries[0].Inner is not null && id != "das-v",
            method.Description.Scores.Meaning.Contains("Never negative", StringComparison.Ordinal)
        );

        // Methods with residuals score otherwise with them.
        var others = method.Score(Usual.For(method), new() { Residual = ResidualKind.Rms }, CancellationToken.None);
        Assert.Equal(!scores.Queries[0].Mean.SequenceEqual(others.Queries[0].Mean), method.Description.Residuals);
    }

    [Fact]
    public void What_is_no_influence_of_a_model_is_not_called_so()
    {
        string[] Of(ScoreKind kind) =>
            [
                .. MethodCatalog
                    .All.Where(method => method.Description.Scores.Kind == kind)
                    .Select(method => method.Description.Id),
            ];
        Assert.Equal(["clip", "pixel", "pixel-dot", "pixel-ridge", "activation-ridge"], Of(ScoreKind.Resemblance));
        Assert.Equal(["random"], Of(ScoreKind.Chance));
        Assert.Equal(
            ["clip", "pixel", "pixel-dot", "pixel-ridge", "random"],
            MethodCatalog.All.Where(method => !method.Needs.LooksAtModel).Select(method => method.Description.Id)
        );
        Assert.Equal(
            ["empirical-influence", "datamodel"],
            MethodCatalog
                .All.Where(method => !method.Description.Scores.IncludeDecoys)
                .Select(method => method.Description.Id)
        );
    }

    [Theory]
    [InlineData(null, "tracin", "gradient-dot", "gradient-cosine", "diffusion-retrac", "dmin")]
    [InlineData(
        "df:0.3",
        "trak",
        "journey-trak",
        "relative-if",
        "l-relative-if",
        "renormalized-if",
        "d-trak:weighted-mse"
    )]
    [InlineData(
        "df:0.1",
        "das",
        "das-v",
        "das-loo",
        "das-signed",
        "das-official",
        "pva",
        "pva-mini",
        "d-trak",
        "d-trak:mean",
        "d-trak:l1-norm"
    )]
    public void The_described_damping_is_what_is_used_unless_another_is_asked_for(string? rule, params string[] ids)
    {
        foreach (var method in ids.Select(MethodCatalog.Find))
        {
            Assert.Equal(rule, method.Description.Damping?.ToString());
            var inputs = Usual.For(method);
            var damping = Damping(null);
            Assert.Equal(rule is null, damping.Count == 0);
            if (rule is null)
                continue;
            Assert.Equal(Damping(method.Description.Damping), damping);
            Assert.All(Damping(new Damped(30)), value => Assert.Equal(30, value));

            IReadOnlyList<double> Damping(IDampingRule? asked) =>
                method.Score(inputs, new() { Damping = asked }, CancellationToken.None).Damping;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scores_do_not_depend_on_the_order_of_the_pictures(string id)
    {
        var method = MethodCatalog.Find(id);
        // The published code takes its hat value from the first training picture, so only the others may change places.
        int[] order = id == "das-official-0" ? [0, 3, 1, 5, 2, 6, 4, 9, 7, 8] : [3, 0, 5, 1, 6, 2, 4, 9, 7, 8];
        var inputs = Usual.For(method);
        var before = method.Score(inputs, new(), CancellationToken.None).Queries[0];
        var after = method
            .Score(
                With(
                    inputs,
                    table =>
                        new(table.Queries, [.. order.Select(i => table.Scored[i])], table.Members)
                        {
                            LearningRate = table.LearningRate,
                        }
                ),
                new(),
                CancellationToken.None
            )
            .Queries[0];
        for (var i = 0; i < order.Length; i++)
            Assert.Equal(before.Mean[order[i]], after.Mean[i], 1e-10 * before.Mean.Max(Math.Abs));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_same_inputs_give_the_same_bits(string id)
    {
        var method = MethodCatalog.Find(id);
        var inputs = Usual.For(method);
        Assert.Equal(
            method.Score(inputs, new(), CancellationToken.None).Queries[0].ByReplicate,
            method.Score(inputs, new(), CancellationToken.None).Queries[0].ByReplicate
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_damping_scores_are_those_of_the_least_damping(string id)
    {
        // Less damping than the squared length of every feature by nine digits; das-loo needs fewer features than half
        // the pictures.
        var method = MethodCatalog.Find(id);
        var inputs = new Case { Members = 9, Dimension = 4 }.For(method);
        var none = Score(0);
        var least = Score(1e-9);
        for (var i = 0; i < none.Length; i++)
            Assert.Equal(none[i], least[i], 1e-4 * none.Max(Math.Abs));

        double[] Score(double damping) =>
            method.Score(inputs, new() { Damping = new Damped(damping) }, CancellationToken.None).Queries[0].Mean;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Features_of_fewer_pictures_than_asked_for_are_refused(string id)
    {
        var method = MethodCatalog.Find(id);
        Refused(
            "compute them anew",
            method,
            With(Usual.For(method), table => new(table.Queries, [.. table.Scored.Skip(1)], table.Members))
        );
        Refused(
            "compute them anew",
            method,
            With(Usual.For(method), table => new(table.Queries, table.Scored, table.Members - 1))
        );
        Refused("compute them anew", method, With(Usual.For(method), table => new([], table.Scored, table.Members)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Features_of_other_kinds_or_fewer_draws_are_refused(string id)
    {
        var method = MethodCatalog.Find(id);
        Refused(
            "missing",
            method,
            Usual.For(method) with
            {
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>>(),
            }
        );
        Refused(
            "compute them anew",
            method,
            With(
                Usual.For(method),
                table => new(table.Queries, [.. table.Scored.Select(row => Change(row, _ => []))], table.Members)
            )
        );
        Refused(
            "compute them anew",
            method,
            With(
                Usual.For(method),
                table =>
                    new(
                        table.Queries,
                        [
                            .. table.Scored.Select(row =>
                                Change(row, rows => rows.ToDictionary(pair => pair.Key, pair => pair.Value[..1]))
                            ),
                        ],
                        table.Members
                    )
            )
        );
    }

    [Fact]
    public void Journey_trak_without_a_trajectory_says_where_one_comes_from()
    {
        var method = new JourneyTrakMethod();
        Refused(
            "that generate made",
            method,
            With(
                Usual.For(method),
                table => new([.. table.Queries.Select(query => Change(query, _ => []))], table.Scored, table.Members)
            )
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_picture_whose_feature_is_zero_scores_zero(string id)
    {
        var method = MethodCatalog.Find(id);
        var inputs = With(
            Usual.For(method),
            table =>
                new(
                    table.Queries,
                    [
                        Change(
                            table.Scored[0],
                            rows =>
                                rows.ToDictionary(
                                    pair => pair.Key,
                                    pair => pair.Value.Select(row => new float[row.Length]).ToArray()
                                )
                        ),
                        .. table.Scored.Skip(1),
                    ],
                    table.Members
                )
        );
        var scores = method.Score(inputs, new(), CancellationToken.None).Queries[0].Mean;
        Assert.Equal(0, scores[0]);
        Assert.All(scores, score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_cancelled_run_stops(string id)
    {
        var method = MethodCatalog.Find(id);
        Assert.Throws<OperationCanceledException>(() => method.Score(Usual.For(method), new(), new(canceled: true)));
    }

    private static void Refused(string part, IAttributionMethod method, MethodInputs inputs) =>
        Assert.Contains(
            part,
            Assert.Throws<AuditException>(() => method.Score(inputs, new(), CancellationToken.None)).Message
        );

    private static MethodInputs With(MethodInputs inputs, Func<FeatureTable, FeatureTable> change) =>
        inputs with
        {
            Features = inputs.Features.ToDictionary(
                pair => pair.Key,
                pair => (IReadOnlyList<FeatureTable>)[.. pair.Value.Select(change)]
            ),
        };

    private static PictureFeatures Change(
        PictureFeatures picture,
        Func<IReadOnlyDictionary<FeatureKind, float[][]>, Dictionary<FeatureKind, float[][]>> change
    ) => picture with { Rows = change(picture.Rows) };
}
