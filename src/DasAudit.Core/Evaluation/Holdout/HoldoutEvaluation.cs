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
        HoldoutShares.Check(request);
        HoldoutTruths.Check(request);
        if (request.Copies is not null)
            Copier.Check(request);
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation);
        var groups = new HoldoutGroups(court.Members, request.By);
        progress.Notify(groups.Notes);
        var copier = request.Copies is { } copies
            ? CopierTrial.Prepare(request, copies, court, groups, progress, cancellation)
            : null;
        var jobs = court.Seeds.Select(groups.Jobs).ToList();
        var isTrained = court.Train([.. jobs.SelectMany(ofSeed => ofSeed)]);
        isTrained &= copier?.Train() ?? true;
        if (!isTrained)
            return null;
        var truths = HoldoutTruths.Of(request, court, jobs);
        var methods = HoldoutShares.Read(request, court, groups, request.SplitInto);
        var result = Measure(request, court, groups, truths, methods);
        return copier is null
            ? result
            : result with
            {
                Copier = copier.Measure(truths, methods, groups.Keys, time, progress, cancellation),
            };
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
                    truths
                        .Where(truth => q < truth.BySeed[0].Length)
                        .ToDictionary(truth => truth.Name, truth => truth.Mean()[q]),
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
