using DasAudit.Core.Attribution;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;

namespace DasAudit.Core.Audits;

/// <summary>What the needs of several methods come down to: as few runs as can serve them all.</summary>
internal sealed class FeaturePlan
{
    private readonly Dictionary<FeatureNeed, IReadOnlyList<FeatureRunPair>> _pairs;
    private readonly GradientOptions _gradients;

    private FeaturePlan(Dictionary<FeatureNeed, IReadOnlyList<FeatureRunPair>> pairs, GradientOptions gradients)
    {
        _pairs = pairs;
        _gradients = gradients;
        var all = pairs.Values.SelectMany(runs => runs).ToList();
        CandidateRuns = [.. all.Select(pair => pair.Candidates).Distinct()];
        Runs = [.. all.SelectMany(pair => new[] { pair.Candidates, pair.Queries }).Distinct()];
        QueryRuns = all.Select(pair => pair.Queries).ToHashSet();
    }

    /// <summary>All runs over training pictures.</summary>
    public IReadOnlyList<FeatureRun> CandidateRuns { get; }

    /// <summary>All runs over audited pictures.</summary>
    public IReadOnlySet<FeatureRun> QueryRuns { get; }

    public IReadOnlyList<FeatureRun> Runs { get; }

    /// <summary>Sentences on what was wanted and is not there, so that something else stands in.</summary>
    public IReadOnlyList<string> Substitutions { get; private init; } = [];

    /// <summary>Makes the plan from options, whose kinds do not matter, and the checkpoints beside the model.</summary>
    public static FeaturePlan Of(
        AuditOptions options,
        ModelSource source,
        IDiffusionModel model,
        GeneratorOptions sampling
    )
    {
        var checkpoints = TrainingCheckpoint.Of(source, model);
        var passes = new CheckpointPasses(source, model, checkpoints, options.Gradients);
        var needs = options
            .Methods.SelectMany(method => method.Needs.Features)
            .Distinct()
            .Select(need => (Need: need, Passes: passes.Of(need)))
            .ToList();
        var samplingSteps = new Lazy<int[]>(() => sampling.Timesteps(model));

        // Needs with the same passes are served by one run with all their kinds.
        var runs = needs
            .SelectMany(planned => planned.Passes.Select(pass => (Passes: pass, planned.Need)))
            .GroupBy(planned => planned.Passes.Key)
            .ToDictionary(
                group => group.Key,
                group => Pair(group.First().Passes, [.. group.Select(planned => planned.Need)], samplingSteps)
            );
        var pairs = needs.ToDictionary(
            planned => planned.Need,
            planned => (IReadOnlyList<FeatureRunPair>)[.. planned.Passes.Select(pass => runs[pass.Key])]
        );
        return new(pairs, options.Gradients)
        {
            Substitutions =
            [
                .. checkpoints.Count > 0 ? [] : FinalModelOnly(options.Methods),
                .. options.Gradients.Parameters is null ? WholeModel(options.Methods, model) : [],
            ],
        };
    }

    /// <summary>The runs of a need, one for each of its checkpoints.</summary>
    public IReadOnlyList<FeatureRunPair> Of(FeatureNeed need) => _pairs[need];

    /// <summary>How a method's first gradients are taken; those asked for where it takes none.</summary>
    public GradientOptions Gradients(IAttributionMethod method)
    {
        var needs = method.Needs.Features;
        return needs.Count > 0 ? Of(needs[0])[0].Candidates.Options : _gradients;
    }

    private static FeatureRunPair Pair(CheckpointPass pass, IReadOnlyList<FeatureNeed> needs, Lazy<int[]> samplingSteps)
    {
        var candidateKinds = Kinds(needs.SelectMany(need => need.Kinds));
        var queryKinds = Kinds(needs.SelectMany(need => need.QueryKinds ?? need.Kinds));
        var candidates = new FeatureRun(pass.Model, pass.Options with { Kinds = candidateKinds }, pass.LearningRate)
        {
            Checkpoint = pass.Checkpoint,
        };
        if (pass.Trajectory)
        {
            var followed = pass.Options with { Kinds = queryKinds, ChosenTimesteps = samplingSteps.Value };
            return new(candidates, candidates with { Options = followed, Trajectory = true });
        }

        return candidateKinds.SequenceEqual(queryKinds)
            ? new(candidates, candidates)
            : new(candidates, candidates with { Options = pass.Options with { Kinds = queryKinds } });
    }

    private static IReadOnlyList<FeatureKind> Kinds(IEnumerable<FeatureKind> kinds) =>
        [.. kinds.Distinct().OrderBy(kind => kind.ToString(), StringComparer.Ordinal)];

    private static IEnumerable<string> FinalModelOnly(IReadOnlyList<IAttributionMethod> methods)
    {
        if (Ids(methods, need => need.Checkpoints != CheckpointChoice.Final) is { Length: > 0 } lookingBack)
            yield return $"Training kept no checkpoints beside the model, so {lookingBack} looked "
                + "at the finished model only; a training run that is asked to keep them keeps them.";
    }

    private static IEnumerable<string> WholeModel(IReadOnlyList<IAttributionMethod> methods, IDiffusionModel model)
    {
        bool LacksPart(FeatureNeed need) => need.Parameters is { } part && !AttributedParameters.HasPart(model, part);
        if (Ids(methods, LacksPart) is { Length: > 0 } widened)
            yield return $"The model has no attributed parameters in up blocks, to which {widened} would keep, so all "
                + "attributed parameters were looked at.";
    }

    private static string Ids(IReadOnlyList<IAttributionMethod> methods, Func<FeatureNeed, bool> isMeant)
    {
        var ids = methods
            .Where(method => method.Needs.Features.Any(isMeant))
            .Select(method => method.Description.Id)
            .Distinct()
            .Order(StringComparer.Ordinal);
        return string.Join(", ", ids);
    }
}
