using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Measures linear datamodeling scores: models are trained on random parts of the dataset, and the sum of a method's
/// scores over a part is held against the losses of the model that saw that part.
/// </summary>
public sealed class LdsEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private const int FewestSubsets = 4;

    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public LdsResult? Run(LdsRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Subsets < FewestSubsets)
            throw new AuditException(
                $"A rank correlation over fewer than {FewestSubsets} parts says nothing; give more "
                    + $"{Settings.Name("subsets")}."
            );
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation);
        var parts = RandomParts.Draw(court.Members, request.Part, request.Subsets);
        var jobs = parts.Jobs(court.Seeds);
        if (!court.Train(jobs))
            return null;
        var errors = court.Errors(jobs);
        if (request.LossesFile is { } file)
            court.Table(jobs, errors).Write(file);
        var predictions = court.Read(
            Variants(request, court),
            (variant, query, scores) => PartPredictions.Of(variant, query, scores, parts.Pictures)
        );
        return Measure(request, court, errors, predictions);
    }

    // The methods as they are come first, in their order.
    private static IReadOnlyList<MethodVariant> Variants(LdsRequest request, EvaluationCourt court)
    {
        var variants = court.Methods.Select(method => MethodVariant.Usual(method, court.MethodOptions)).ToList();
        if (request.WithSets)
            variants.AddRange(court.Methods.Select(method => MethodVariant.Sets(method, court.MethodOptions)));
        if (request.WithCurve)
            variants.AddRange(court.Methods.SelectMany(method => MethodVariant.Curve(method, court.MethodOptions)));
        return variants;
    }

    private static LdsResult Measure(
        LdsRequest request,
        EvaluationCourt court,
        IReadOnlyList<QueryErrors> errors,
        IReadOnlyList<MethodReading<double[]>> predictions
    )
    {
        var targets = TruthTarget.All(court.Model.Process, court.Timesteps);
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Subsets = request.Subsets,
            Part = request.Part,
            TrainingSeeds = court.Seeds,
            Generated = court.Generated.Count,
            HeldOut = court.HeldOut.Count,
            Timesteps = court.Timesteps,
            Draws = request.Common.Truth.Draws,
            Targets = [.. targets.Select(target => LdsMeasure.Of(target, court, request.Subsets, errors, predictions))],
        };
    }
}
