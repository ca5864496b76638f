using DasAudit.Core.Diffusion;
using DasAudit.Core.Retraining;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>An ensemble and what each picture is worth to it, for each query.</summary>
internal sealed class EnsembleMeasure
{
    private readonly double _pool;
    private readonly IReadOnlyList<double[,]> _grams;

    private EnsembleMeasure(double pool, Ensemble ensemble, IReadOnlyList<double[,]> grams, NoiseSource chance)
    {
        (_pool, Members, _grams, Chance) = (pool, ensemble, grams, chance);
        Queries = Effects([.. ensemble.Pictures.Select(picture => ensemble.Saw([picture]))]);
    }

    public Ensemble Members { get; }

    /// <summary>Effects of <see cref="Ensemble.Pictures"/> on each query.</summary>
    public IReadOnlyList<EnsembleQueryEffects> Queries { get; }

    private NoiseSource Chance { get; }

    /// <summary>Compares the members' predictions.</summary>
    /// <param name="pool">The part of the dataset that they were drawn from.</param>
    /// <param name="jobs">Finished.</param>
    public static EnsembleMeasure Of(EvaluationCourt court, double pool, IReadOnlyList<RetrainingJob> jobs) =>
        new(pool, new(jobs, court.Members.Items), court.Grams(jobs), new NoiseSource(court.Request.Truth.Seed));

    /// <summary>What leaving out sets of pictures does, [query].</summary>
    /// <param name="saw">Which members saw one of each set.</param>
    public IReadOnlyList<EnsembleQueryEffects> Effects(IReadOnlyList<bool[]> saw) =>
        [.. _grams.AsParallel().AsOrdered().Select(gram => new EnsembleQueryEffects(gram, saw, Chance))];

    /// <summary>
    /// Mean rank correlation of effects by every other member with those by the rest; null with too few.
    /// </summary>
    public double? HalvesAgreement()
    {
        var even = Half(0);
        var odd = Half(1);
        var pictures = Members.Pictures.Select(picture => Members.Saw([picture])).ToList();
        List<bool[]> told =
        [
            .. pictures.Where(saw => Ensemble.CanTell(Of(saw, even)) && Ensemble.CanTell(Of(saw, odd))),
        ];
        return told.Count < 3
            ? null
            : _grams.Average(gram => Ranking.Spearman(Unbiased(gram, told, even), Unbiased(gram, told, odd)));
    }

    /// <summary>The ensemble as a row of a result.</summary>
    public EnsemblePool Summary(EvaluationCourt court)
    {
        double[] parts = [.. Queries.Select(query => query.Effects.Average(effect => effect.Unbiased) / query.Loss)];
        var effect = court.Bootstrap.Mean(parts);
        return new(
            _pool,
            Members.Pictures.Count,
            Members.Count,
            Queries.Average(query => query.Loss),
            effect.Value,
            effect.Low,
            effect.High,
            Queries.Count(query => query.IsAttributable)
        );
    }

    /// <summary>The queries as rows of a result.</summary>
    public IReadOnlyList<EnsembleQuery> QuerySummaries(EvaluationCourt court) =>
        [
            .. Queries.Zip(
                court.Queries,
                (effects, query) =>
                    new EnsembleQuery(
                        query.Picture.Path,
                        effects.Loss,
                        effects.PValue,
                        [.. effects.StandOut.Select(place => Picture(place, effects.Effects[place]))]
                    )
            ),
        ];

    private EnsemblePicture Picture(int place, CounterfactualEffect effect) =>
        new(Members.Pictures[place].Path, effect.Change, effect.LossRise);

    private int[] Half(int first) => [.. Enumerable.Range(0, Members.Count).Where(member => member % 2 == first)];

    private static double[] Unbiased(double[,] gram, IReadOnlyList<bool[]> saw, int[] members)
    {
        var mean = new MemberMean(Of(gram, members));
        return [.. saw.Select(ofPicture => mean.Without(Of(ofPicture, members)).Unbiased)];
    }

    private static bool[] Of(bool[] saw, int[] members) => [.. members.Select(member => saw[member])];

    private static double[,] Of(double[,] gram, int[] members)
    {
        var some = new double[members.Length, members.Length];
        for (var m = 0; m < members.Length; m++)
        for (var n = 0; n < members.Length; n++)
            some[m, n] = gram[members[m], members[n]];
        return some;
    }
}
