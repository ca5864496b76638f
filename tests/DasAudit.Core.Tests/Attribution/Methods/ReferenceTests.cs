using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Every gradient-feature method against <see cref="Reference"/>.</summary>
public class ReferenceTests
{
    internal static readonly string[] Ids =
    [
        "das",
        "das-v",
        "das-loo",
        "das-signed",
        "das-layered",
        "das-official",
        "das-official-0",
        "pva",
        "pva-mini",
        "pva-12",
        "trak",
        "journey-trak",
        "tracin",
        "d-trak",
        "d-trak:mean",
        "d-trak:weighted-mse",
        "d-trak:l1-norm",
        "d-trak:l2-norm",
        "d-trak:linf-norm",
        "gradient-dot",
        "gradient-cosine",
        "diffusion-retrac",
        "relative-if",
        "l-relative-if",
        "renormalized-if",
        "dmin",
    ];

    private static readonly Case[] Cases =
    [
        .. CommonCases.All,
        new()
        {
            Members = 8,
            Dimension = 7,
            Form = "low rank",
            Decoys = 2,
        },
        new()
        {
            Members = 6,
            Dimension = 9,
            Form = "duplicates",
            Decoys = 2,
        },
        new()
        {
            Members = 4,
            Dimension = 6,
            Form = "constant",
            Decoys = 1,
        },
        new() { Members = 5, Dimension = 1 },
    ];

    public static TheoryData<string, int> All =>
        [.. Ids.SelectMany(id => Enumerable.Range(0, Cases.Length).Select(number => (id, number)))];

    [Theory]
    [MemberData(nameof(All))]
    public void Scores_equal_the_formula_written_out(string id, int number)
    {
        var method = MethodCatalog.Find(id);
        var inputs = Cases[number].For(method);
        var scores = method.Score(inputs, new() { Residual = ResidualKind.Rms }, CancellationToken.None);

        var damping = new Queue<double>(scores.Damping);
        var replicates = scores.Queries[0].ByReplicate.Count;
        Assert.Equal(id == "das-v" && inputs.Replicates > 1 ? inputs.Replicates / 2 : inputs.Replicates, replicates);
        for (var r = 0; r < replicates; r++)
        {
            var expected = Reference.Scores(id, inputs, r, damping);
            for (var q = 0; q < inputs.Queries; q++)
            {
                var largest = expected[q].Max(Math.Abs);
                for (var i = 0; i < inputs.Scored; i++)
                    Assert.Equal(expected[q][i], scores.Queries[q].ByReplicate[r][i], 1e-8 * largest);
            }
        }

        Assert.Empty(damping);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Inner_scores_and_steps_give_the_scores(string id, int number)
    {
        var method = MethodCatalog.Find(id);
        var scores = method.Score(Cases[number].For(method), new(), CancellationToken.None);
        Assert.All(
            scores.Queries,
            query =>
            {
                Assert.Equal(id == "journey-trak", query.Steps is not null);
                Assert.Equal(
                    id.StartsWith("das", StringComparison.Ordinal) && id != "das-signed"
                        || id.StartsWith("pva", StringComparison.Ordinal),
                    query.Inner is not null
                );
                for (var r = 0; r < query.ByReplicate.Count; r++)
                {
                    for (var i = 0; i < query.ByReplicate[r].Length; i++)
                    {
                        var expected =
                            query.Inner is { } inner
                                ? inner[r].Zip((query.Partners ?? inner)[r], (s, t) => s[i] * t[i]).Average()
                            : query.Steps is { } steps ? steps[r].Average(step => step[i])
                            : query.ByReplicate[r][i];
                        Assert.Equal(expected, query.ByReplicate[r][i], 1e-12 * query.ByReplicate[r].Max(Math.Abs));
                    }
                }
            }
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_band_of_damping_averages_scores_of_one_scale(string id, int number)
    {
        // It brings the draws of a noise level to one scale together; see PvaTests.
        if (id == "pva")
            return;
        var method = MethodCatalog.Find(id);
        var inputs = (Cases[number] with { Checkpoints = 1 }).For(method);
        double[] values = [200, 300, 700];

        var band = Score(values).ByReplicate[0];

        // What is linear in K⁻¹ is brought to one scale over the members: the vectors that are squared, the steps, or
        // the scores themselves.
        var single = values.Select(value => Score(value)).ToList();
        var own = Scaled(query => query.Inner?[0] ?? query.Steps?[0] ?? [query.ByReplicate[0]]);
        var other = single[0].Inner is null ? null : Scaled(query => (query.Partners ?? query.Inner!)[0]);
        for (var i = 0; i < inputs.Scored; i++)
            Assert.Equal(
                own.Select((s, b) => other is null ? s[i] : s[i] * other[b][i]).Average(),
                band[i],
                1e-10 * band.Max(Math.Abs)
            );

        QueryScores Score(params double[] damping) =>
            method.Score(inputs, new() { Damping = new Damped(damping) }, CancellationToken.None).Queries[0];

        List<double[]> Scaled(Func<QueryScores, double[][]> vectors) =>
            [
                .. Enumerable
                    .Range(0, vectors(single[0]).Length)
                    .SelectMany(b =>
                    {
                        var all = single.Select(query => vectors(query)[b]).ToList();
                        var factors = BandAverage.Factors([.. all.Select(values => values[..inputs.Members])]);
                        return all.Select((values, l) => values.Select(value => value * factors[l]).ToArray());
                    }),
            ];
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Other_queries_beside_one_do_not_change_its_scores(string id, int number)
    {
        var method = MethodCatalog.Find(id);
        var alone = method
            .Score((Cases[number] with { Queries = 1 }).For(method), new(), CancellationToken.None)
            .Queries[0];
        var beside = method
            .Score((Cases[number] with { Queries = 3 }).For(method), new(), CancellationToken.None)
            .Queries[0];
        for (var i = 0; i < alone.Mean.Length; i++)
            Assert.Equal(alone.Mean[i], beside.Mean[i], 1e-10 * alone.Mean.Max(Math.Abs));
        Assert.Equal(alone.Directions, beside.Directions);
    }
}
