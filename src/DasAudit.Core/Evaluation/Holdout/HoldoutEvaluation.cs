using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>
/// Holds the shares that reports print against what happens when each group is left out: a model is trained without
/// it, from the same seed and under the same noise as one of all pictures.
/// </summary>
public sealed class HoldoutEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public HoldoutResult? Run(HoldoutRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation);
        var groups = new HoldoutGroups(court.Members, request.By);
        progress.Notify(groups.Notes);
        var jobs = court.Seeds.Select(groups.Jobs).ToList();
        if (!court.Train([.. jobs.SelectMany(ofSeed => ofSeed)]))
            return null;
        var truths = HoldoutErrors.Compute(court, jobs).Truths;
        return Measure(request, court, groups, truths, Read(request, court, groups));
    }

    // Random scores are nobody's, and reports have no shares of them.
    private static IReadOnlyList<NamedShares> Read(HoldoutRequest request, EvaluationCourt court, HoldoutGroups groups)
    {
        IReadOnlyList<ShareRule> rules = [ShareRule.Reported, .. request.WithOtherShares ? ShareRule.Others : []];
        var reader = new ShareReader(groups.Keys, rules, request.SplitInto, request.Common.Truth.Seed);
        var variants = court
            .Methods.Where(method => method.Description.Scores.Kind != ScoreKind.Chance)
            .Select(method => MethodVariant.Usual(method, court.MethodOptions))
            .ToList();
        if (variants.Count == 0)
            throw new AuditException(
                $"Random scores have no shares; give {Settings.Name("methods")} another method as well."
            );
        var readings = court.Read(
            variants,
            (_, query, scores) =>
                reader.Read(groups.Of(query.Candidates.Select(candidate => candidate.Item)), scores.Queries[0])
        );
        return NamedShares.Of(readings);
    }

    private static HoldoutResult Measure(
        HoldoutRequest request,
        EvaluationCourt court,
        HoldoutGroups groups,
        IReadOnlyList<HoldoutTruth> truths,
        IReadOnlyList<NamedShares> methods
    )
    {
        var common = request.Common;
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            GroupedBy = request.By.Name,
            Groups = [.. groups.Keys.Select(key => new HoldoutGroup(key, groups.Members(key).Count))],
            TrainingSeeds = court.Seeds,
            Timesteps = court.Timesteps,
            Draws = common.Truth.Draws,
            Targets =
            [
                .. truths.Select(truth =>
                    new HoldoutMeasure(truth, groups.Keys, common.BootstrapDraws, common.Truth.Seed).Of(methods)
                ),
            ],
            Queries =
            [
                .. court.All.Select(q => new HoldoutQuery(
                    court.Queries[q].Picture.Path,
                    truths.ToDictionary(truth => truth.Name, truth => truth.Mean()[q]),
                    methods.ToDictionary(method => method.Name, method => method.Shares[q])
                )),
            ],
            Splitting = request.SplitInto is null
                ? null
                : [.. methods.Select(method => method.Splitting(common.BootstrapDraws, common.Truth.Seed))],
            Notes = groups.Notes,
        };
    }
}
