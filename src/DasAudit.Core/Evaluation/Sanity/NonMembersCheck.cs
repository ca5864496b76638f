using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Retraining;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Whether p-values are uniform where nothing is to be found: for models of random halves, half of the pictures that a
/// model did not see are passed off as training pictures, the others are decoys. For each model one query is drawn, and
/// for this query each of a few alleged training pictures is held against decoys that no other is held against. So all
/// p-values are independent if nothing tells alleged pictures from decoys, which those are not that share decoys or a
/// query: the ranks within disjoint parts of a random order are.
/// </summary>
internal sealed class NonMembersCheck : ISanityCheck
{
    private const string Id = "non-members";
    private const double Part = 0.5;

    // With so many decoys p reaches 0.05.
    private const int FewestDecoys = 19;

    private const double Threshold = 0.05;

    private readonly EvaluationCourt _court;
    private readonly NoiseSource _source;
    private readonly IReadOnlyList<RetrainingJob> _jobs;

    public NonMembersCheck(EvaluationCourt court, int subsets)
    {
        _court = court;
        _source = new(court.MethodOptions.Seed);
        _jobs = subsets == 0 ? [] : RandomParts.Draw(court.Members, Part, subsets).Jobs([court.Seeds[0]]);
    }

    public SanityCheck Description { get; } =
        new(
            Id,
            "Are p-values of pictures that a model never saw uniform?",
            "p of the Kolmogorov–Smirnov test that p-values against decoys, of pictures that models of random halves "
                + "did not see, are uniform; passes where it is above the threshold."
        );

    /// <summary>Trains this process's share of the models; whether all are there then.</summary>
    public bool Train() => _jobs.Count == 0 || _court.Train(_jobs);

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods)
    {
        var asked = methods.Where(method => Exemption(method) is null).ToList();
        var pValues = asked.ToDictionary(method => method.Description.Id, _ => new List<double>());
        var models = asked.Count == 0 ? 0 : _jobs.Count;
        for (var number = 0; number < models; number++)
        {
            Report(number);
            AddPValues(number, asked, pValues);
        }
        if (models > 0)
            Report(models);
        return
        [
            .. methods.Select(method =>
                Exemption(method) is { } reason
                    ? SanityFinding.NotApplicable(Id, reason)
                    : Finding(pValues[method.Description.Id])
            ),
        ];

        void Report(int done) => _court.Stages.Progress?.Report(new("asking retrained models", done, models));
    }

    private string? Exemption(IAttributionMethod method)
    {
        if (_jobs.Count == 0)
            return $"It takes retrained models; give {Settings.Name("subsets")}.";
        if (!method.Description.Scores.IncludeDecoys)
            return "Its scores of decoys do not compare with those of training pictures.";
        return method.Needs.Replay ? "It follows the training run, of which these models kept nothing." : null;
    }

    private static SanityFinding Finding(List<double> pValues)
    {
        var p = UniformityTest.PValue(pValues);
        var passed = p > Threshold;
        return new(Id, passed ? SanityStatus.Passed : SanityStatus.Failed)
        {
            Value = p,
            Threshold = Threshold,
            Sentence = passed
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pValues.Count} p-values of pictures that models never saw are not uniform (their mean is "
                        + $"{pValues.Average():0.00}): its p-values of training pictures mean nothing."
                ),
        };
    }

    private void AddPValues(
        int number,
        IReadOnlyList<IAttributionMethod> methods,
        Dictionary<string, List<double>> pValues
    )
    {
        var job = _jobs[number];
        var set = _court.Members;
        var unseen = set.Items.Where(item => !job.Sees(item)).DistinctBy(item => item.PixelSha256).ToList();
        var order = _source.Permutation(new(NoisePurpose.NonMembers, 0, number), unseen.Count);
        var alleged = order.Take(unseen.Count / 2).Select(place => unseen[place]).ToList();
        var decoys = order.Skip(alleged.Count).Select(place => unseen[place]).ToList();
        var pool = PicturePool.Of(Taken(set, [.. job.Pictures, .. alleged]), Taken(set, decoys), "the other half");
        var members = pool.Members.Items.Count;
        var query = _court.Queries[_source.Below(new(NoisePurpose.NonMemberQuery, 0, number), 0, _court.All.Count)];
        using var model = _court.Models.Audited(job);
        var asked = PoolScoring.Against(query, pool.Items, members);
        using var scoring = PoolScoring.Open(_court, methods, model, pool, [asked]);
        foreach (var method in methods)
        {
            var scores = scoring.Score(method, scoring.Queries[0], _court.MethodOptions).Queries[0].Mean;
            pValues[method.Description.Id]
                .AddRange(PValues(number, scores[(members - alleged.Count)..members], scores[members..]));
        }
    }

    // p moves in steps of 1/(m + 1); where in its step it lies is drawn, so that it can be uniform.
    private IEnumerable<double> PValues(int number, double[] alleged, double[] decoys)
    {
        const int Resolution = 1 << 30;
        var blocks = Math.Clamp(decoys.Length / FewestDecoys, 1, alleged.Length);
        var size = decoys.Length / blocks;
        for (var block = 0; block < blocks; block++)
        {
            var among = decoys[(block * size)..((block + 1) * size)];
            var p = ConformalPValues.Compute([alleged[block]], among)[0];
            var step = (1.0 + among.Count(score => score.Equals(alleged[block]))) / (size + 1);
            var place = _source.Below(new(NoisePurpose.PValueStep, 0, number), block, Resolution);
            yield return p - step * place / Resolution;
        }
    }

    private static TrainingSet Taken(TrainingSet set, IReadOnlyList<TrainingItem> items) =>
        new(
            set.Path,
            [.. items.Select((item, index) => item with { Index = index })],
            [],
            item => set.Read(items[item.Index])
        )
        {
            Resize = set.Resize,
        };
}
