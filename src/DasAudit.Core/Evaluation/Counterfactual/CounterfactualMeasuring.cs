using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>Sums up changes over queries and holds removals against each other.</summary>
internal sealed class CounterfactualMeasuring(RemovalPlan plan, QueryBootstrap bootstrap)
{
    private const string Controls = "controls";

    /// <summary>The figures of one table.</summary>
    public CounterfactualMeasure Of(ChangeTable table)
    {
        var methods = plan.Methods.Select(method => OfMethod(method, table)).ToList();
        var random = OfAll(Removal.Random, [.. plan.Random.Select(left => table.Without(plan, left))]);
        var otherSeed = OfAll(Removal.OtherSeed, [table.OtherSeed(plan)]);
        return new(
            table.Measure,
            table.Meaning,
            [.. methods, random, otherSeed],
            [
                .. methods.Select(method => Test(method, random)),
                .. methods.Skip(1).Select(method => Test(method, methods[0])),
            ]
        );
    }

    private RemovalChange OfMethod(MethodReading<IReadOnlyList<Datasets.TrainingItem>> method, ChangeTable table)
    {
        var id = method.Variant.Id;
        double[][] changes = [.. method.OfQueries.Select(left => table.Without(plan, left))];
        double[] own = [.. changes.Select((ofQueries, query) => ofQueries[query])];
        double[] controls = [.. changes.Select(MeanOfOthers)];
        return new(
            id,
            bootstrap.Mean(own),
            bootstrap.Median(own),
            bootstrap.Mean(controls),
            Test(id, own, Controls, controls),
            own
        );
    }

    // What was left out concerns no query more than another.
    private RemovalChange OfAll(string id, IReadOnlyList<double[]> changes)
    {
        double[] own =
        [
            .. Enumerable.Range(0, changes[0].Length).Select(query => changes.Average(ofQueries => ofQueries[query])),
        ];
        return new(id, bootstrap.Mean(own), bootstrap.Median(own), null, null, own);
    }

    private PairedTest Test(RemovalChange a, RemovalChange b) => Test(a.Removal, a.ByQuery, b.Removal, b.ByQuery);

    private PairedTest Test(string idA, IReadOnlyList<double> a, string idB, IReadOnlyList<double> b)
    {
        double[] differences = [.. a.Zip(b, (first, second) => first - second)];
        return new(idA, idB, bootstrap.Mean(differences), SignedRankTest.PValue(differences));
    }

    private static double MeanOfOthers(double[] changes, int query) =>
        changes.Where((_, other) => other != query).Average();
}
