using DasAudit.Core.Attribution.Methods;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>What every method of gradient features owes, whatever its formula.</summary>
public class EveryMethodTests
{
    public static TheoryData<string> Ids => [.. ReferenceTests.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Scores_do_not_depend_on_the_order_of_the_pictures(string id)
    {
        var method = MethodCatalog.Find(id);
        // The published code takes its hat value from the first training picture, so only the others may change places.
        int[] order = id == "das-official-0" ? [0, 3, 1, 5, 2, 6, 4, 9, 7, 8] : [3, 0, 5, 1, 6, 2, 4, 9, 7, 8];
        var inputs = UsualInputs.For(method);
        var before = method.Score(inputs, new(), CancellationToken.None).Queries[0];
        var after = method
            .Score(
                UsualInputs.Changed(
                    method,
                    table =>
                        new(table.Queries, [.. order.Select(i => table.Scored[i])], table.Members)
                        {
                            LearningRate = table.LearningRate,
                            Layers = table.Layers,
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
    [MemberData(nameof(Ids))]
    public void The_same_inputs_give_the_same_bits(string id)
    {
        var method = MethodCatalog.Find(id);
        var inputs = UsualInputs.For(method);
        Assert.Equal(
            method.Score(inputs, new(), CancellationToken.None).Queries[0].ByReplicate,
            method.Score(inputs, new(), CancellationToken.None).Queries[0].ByReplicate
        );
    }

    [Theory]
    [MemberData(nameof(Ids))]
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
    [MemberData(nameof(Ids))]
    public void A_picture_whose_feature_is_zero_scores_zero(string id)
    {
        var method = MethodCatalog.Find(id);
        var inputs = UsualInputs.Changed(
            method,
            table =>
                new(
                    table.Queries,
                    [
                        UsualInputs.WithRows(
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
                {
                    Layers = table.Layers,
                }
        );
        var scores = method.Score(inputs, new(), CancellationToken.None).Queries[0].Mean;
        Assert.Equal(0, scores[0]);
        Assert.All(scores, score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_cancelled_run_stops(string id)
    {
        var method = MethodCatalog.Find(id);
        Assert.Throws<OperationCanceledException>(() =>
            method.Score(UsualInputs.For(method), new(), new(canceled: true))
        );
    }
}
