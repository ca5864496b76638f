using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Factors;

/// <summary>
/// Measures what rankings look at, where the dataset states what pictures show: how many of the first training
/// pictures share it with the query. Queries are held-out pictures, of which it is known. This is likeness in what is
/// stated, not influence, which retraining alone shows.
/// </summary>
public sealed class FactorsEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Measures; nothing is trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public FactorsResult Run(FactorsRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Common.HeldOut is null)
            throw new AuditException(
                "No file states what a generated picture shows; give pictures of which the dataset's metadata state "
                    + $"it as {Settings.Name("held-out")} DIR or split:NAME."
            );
        using var court = EvaluationCourt.Open(
            HeldOutAlone(request.Common),
            time,
            progress,
            cancellation,
            trains: false
        );
        List<Factor> factors = [.. request.By.Select(key => Factor.Of([key], court))];
        if (factors.Count > 1)
            factors.Add(Factor.Of(request.By, court));
        var variants = court.Methods.Select(method => MethodVariant.Usual(method, court.MethodOptions)).ToList();
        var rankings = court.Read(variants, (_, _, scores) => scores.Queries[0].Mean);
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Pictures = court.Members.Items.Count,
            Queries = court.HeldOut.Count,
            Factors = [.. factors.Select(factor => Precision(factor, request, court, rankings))],
        };
    }

    private static EvaluationRequest HeldOutAlone(EvaluationRequest request) =>
        request with
        {
            Audit = request.Audit with { Inputs = request.Audit.Inputs.OfFirst(0) },
        };

    private static FactorPrecision Precision(
        Factor factor,
        FactorsRequest request,
        EvaluationCourt court,
        IReadOnlyList<MethodReading<double[]>> rankings
    )
    {
        var pictures = court.Members.Items.Count;
        var bootstrap = new QueryBootstrap(
            factor.Queries.Count,
            request.Common.BootstrapDraws,
            request.Common.Truth.Seed
        );
        var tops = request.Tops.Select(top => Math.Min(top, pictures)).Distinct().ToList();
        return new(
            factor.Name,
            factor.Queries.Count,
            factor.Queries.Average(query => factor.Sharing(query).Count() / (double)pictures),
            [.. rankings.Select(OfMethod)]
        );

        MethodPrecision OfMethod(MethodReading<double[]> ranking) =>
            new(ranking.Variant.Id, [.. tops.Select(top => new TopPrecision(top, OfTop(ranking, top)))]);

        Interval OfTop(MethodReading<double[]> ranking, int top) =>
            bootstrap.Mean(factor.Queries.Select(query => OfQuery(ranking.OfQueries[query], query, top)).ToList());

        double OfQuery(double[] scores, int query, int top) =>
            Ranking.Top(scores, top).Intersect(factor.Sharing(query)).Count() / (double)top;
    }

    /// <summary>What is stated of training pictures and queries.</summary>
    private sealed record Factor(string Name, IReadOnlyDictionary<int, string> OfQueries, ILookup<string, int> Training)
    {
        /// <summary>Those of which it is stated, whose value a training picture has too.</summary>
        public IReadOnlyList<int> Queries { get; } =
        [.. OfQueries.Where(query => Training.Contains(query.Value)).Select(query => query.Key).Order()];

        /// <summary>The training pictures that have the query's value.</summary>
        public IEnumerable<int> Sharing(int query) => Training[OfQueries[query]];

        public static Factor Of(IReadOnlyList<GroupKey> keys, EvaluationCourt court)
        {
            var name = string.Join('+', keys.Select(key => key.Name));
            var training = Values(keys, court.Members.Items).ToLookup(value => value.Value, value => value.Place);
            var ofQueries = Values(keys, court.HeldOutItems)
                .ToDictionary(value => court.HeldOut[value.Place], value => value.Value);
            var factor = new Factor(name, ofQueries, training);
            if (factor.Queries.Count == 0)
                throw new AuditException(
                    $"No held-out picture has a {name} that a training picture has too; state it in the metadata of "
                        + $"both, or choose another {Settings.Name("by")}."
                );
            return factor;
        }

        private static IEnumerable<(int Place, string Value)> Values(
            IReadOnlyList<GroupKey> keys,
            IReadOnlyList<TrainingItem> items
        )
        {
            var ofKeys = keys.Select(key => key.Of(items)).ToList();
            return Enumerable
                .Range(0, items.Count)
                .Where(place => ofKeys.TrueForAll(values => values[place] != GroupKey.NotStated))
                .Select(place => (place, string.Join('\n', ofKeys.Select(values => values[place]))));
        }
    }
}
