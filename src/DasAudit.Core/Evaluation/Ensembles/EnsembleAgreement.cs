using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>How far methods rank pictures, and groups of them, as their effects on an ensemble do.</summary>
internal sealed class EnsembleAgreement
{
    private const int FewestGroups = 3;

    private readonly EvaluationCourt _court;
    private readonly EnsembleMeasure _measure;
    private readonly IReadOnlyList<(string Id, double[][] Scores)> _methods;
    private readonly IReadOnlyList<(string Key, IReadOnlyList<TrainingItem> Pictures, bool[] Saw)> _groups;
    private readonly IReadOnlyList<EnsembleQueryEffects> _groupEffects;

    public EnsembleAgreement(
        EvaluationCourt court,
        EnsembleRequest request,
        EnsembleMeasure measure,
        IReadOnlyList<RetrainingJob> jobs
    )
    {
        (_court, _measure) = (court, measure);
        _groups = Groups(request);
        var told = _groups.Where(group => Ensemble.CanTell(group.Saw)).ToList();
        _groupEffects = told.Count == 0 ? [] : measure.Effects([.. told.Select(group => group.Saw)]);
        var variants = court.Methods.Select(method => MethodVariant.Usual(method, court.MethodOptions)).ToList();
        var methods = court.Read(variants, Scores).Select(reading => (reading.Variant.Id, Scores(reading))).ToList();
        var scored = jobs.Take(request.ScoredMembers).ToList();
        if (scored.Count > 0)
            methods.AddRange(UnderMembers([.. variants.Where(v => v.Method.Needs.LooksAtModel)], scored));
        _methods = methods;
    }

    private IEnumerable<IReadOnlyList<TrainingItem>> Told =>
        _groups.Where(group => Ensemble.CanTell(group.Saw)).Select(group => group.Pictures);

    /// <summary>The methods as rows of a result, best first.</summary>
    public IReadOnlyList<EnsembleMethod> Methods() =>
        [.. _methods.Select(Method).OrderByDescending(method => method.Spearman)];

    /// <summary>Differences to the first method.</summary>
    public IReadOnlyList<EnsembleDifference> Differences()
    {
        var reference = Agreements(_methods[0].Scores);
        return
        [
            .. _methods
                .Skip(1)
                .Select(method =>
                {
                    var above = Agreements(method.Scores).Zip(reference, (a, b) => a - b).ToList();
                    var difference = _court.Bootstrap.Mean(above);
                    return new EnsembleDifference(
                        method.Id,
                        _methods[0].Id,
                        difference.Value,
                        difference.Low,
                        difference.High
                    );
                }),
        ];
    }

    /// <summary>The groups as rows of a result, in order of their keys.</summary>
    public IReadOnlyList<EnsembleGroup> GroupSummaries()
    {
        var place = 0;
        var summaries = new List<EnsembleGroup>();
        foreach (var (key, pictures, saw) in _groups)
        {
            var without = saw.Count(member => !member);
            if (!Ensemble.CanTell(saw))
            {
                summaries.Add(new(key, pictures.Count, without, null, 0));
                continue;
            }
            var effects = _groupEffects.Select(query => (query.Loss, Effect: query.Effects[place])).ToList();
            var attributable = _groupEffects.Count(query => query.StandOut.Contains(place));
            var effect = effects.Average(query => query.Effect.Unbiased / query.Loss);
            summaries.Add(new(key, pictures.Count, without, effect, attributable));
            place++;
        }

        return summaries;
    }

    private EnsembleMethod Method((string Id, double[][] Scores) method)
    {
        var agreements = Agreements(method.Scores);
        var mean = _court.Bootstrap.Mean(agreements);
        return new(
            method.Id,
            mean.Value,
            mean.Low,
            mean.High,
            MeanOf(_court.Generated),
            MeanOf(_court.HeldOut),
            OfGroups(method.Scores)
        );

        double? MeanOf(IReadOnlyList<int> queries) =>
            queries.Count == 0 ? null : queries.Average(query => agreements[query]);
    }

    // Of each query.
    private double[] Agreements(double[][] scores) =>
        [
            .. _measure.Queries.Select(
                (query, q) => Ranking.Spearman(OfPictures(scores[q]), [.. query.Effects.Select(e => e.Unbiased)])
            ),
        ];

    private double[] OfPictures(double[] scores) =>
        [.. _measure.Members.Pictures.Select(picture => scores[picture.Index])];

    private double? OfGroups(double[][] scores)
    {
        var told = Told.ToList();
        return told.Count < FewestGroups
            ? null
            : _groupEffects
                .Select(
                    (query, q) =>
                        Ranking.Spearman(
                            [.. told.Select(group => group.Sum(picture => scores[q][picture.Index]))],
                            [.. query.Effects.Select(effect => effect.Unbiased)]
                        )
                )
                .Average();
    }

    private IReadOnlyList<(string, IReadOnlyList<TrainingItem>, bool[])> Groups(EnsembleRequest request)
    {
        if (request.Groups is not { } key)
            return [];
        var items = _court.Members.Items;
        return
        [
            .. key.Of(items)
                .Zip(items)
                .GroupBy(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => (group.Key, group.DistinctBy(item => item.PixelSha256).ToList()))
                .Select(group =>
                    (group.Key, (IReadOnlyList<TrainingItem>)group.Item2, _measure.Members.Saw(group.Item2))
                ),
        ];
    }

    // Means over members of scores that are brought to mean 0 and deviation 1 within each query.
    private IEnumerable<(string, double[][])> UnderMembers(
        IReadOnlyList<MethodVariant> variants,
        IReadOnlyList<RetrainingJob> jobs
    )
    {
        var byMember = jobs.Select(job => _court.ReadUnder(job, variants, Scores)).ToList();
        foreach (var (place, variant) in variants.Index())
        {
            var scores = _court.All.Select(q =>
                byMember
                    .Select(readings => Standardised(readings[place].OfQueries[q]))
                    .Aggregate((sum, more) => [.. sum.Zip(more, (a, b) => a + b)])
            );
            yield return ($"{variant.Id} (members)", [.. scores]);
        }
    }

    private static double[] Standardised(double[] scores)
    {
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return [.. scores.Select(score => deviation > 0 ? (score - mean) / deviation : 0)];
    }

    private static double[][] Scores(MethodReading<double[]> reading) => [.. reading.OfQueries];

    // By the picture's index in the dataset.
    private double[] Scores(MethodVariant variant, AuditQuery query, MethodScores scores)
    {
        var byIndex = new double[_court.Members.Items.Max(item => item.Index) + 1];
        foreach (var (place, item) in query.Scored.Take(query.MemberCount).Index())
            byIndex[item.Index] = scores.Queries[0].Mean[place];
        return byIndex;
    }
}
