using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Measures linear datamodeling scores: models are trained on random parts of the dataset, and the sum of a method's
/// scores over a part is held against the losses of the model that saw that part.
/// </summary>
public sealed class LdsEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public LdsResult? Run(LdsRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Subsets < LdsTruth.FewestParts)
            throw new AuditException(
                $"A rank correlation over fewer than {LdsTruth.FewestParts} parts says nothing; give more "
                    + $"{Settings.Name("subsets")}."
            );
        var table = request.Given is null ? null : LossTable.Read(request.Given.LossesFile);
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation, request.Given is null);
        var truth = table is null ? LdsTruth.Train(request, court) : LdsTruth.Read(request.Given!, table, court);
        if (truth is null)
            return null;
        var predictions = court.Read(
            Variants(request, court),
            (variant, query, scores) => PartPredictions.Of(variant, query, scores, truth.Parts)
        );
        return Measure(request, court, truth, predictions);
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
        LdsTruth truth,
        IReadOnlyList<MethodReading<double[]>> predictions
    )
    {
        var targets = TruthTarget
            .All(court.Model.Process, truth.Timesteps)
            .Where(target => truth.KnowsChanges || target.Name != TruthTarget.OutputChange);
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Subsets = truth.Parts.Count,
            Part = request.Given is null ? request.Part : truth.MeanPart(court.Members.Items.Count),
            TrainingSeeds = truth.Seeds,
            Generated = court.Generated.Count,
            HeldOut = court.HeldOut.Count,
            Timesteps = truth.Timesteps,
            Draws = request.Given is null ? request.Common.Truth.Draws : null,
            Targets =
            [
                .. targets.Select(target => LdsMeasure.Of(target, court, truth.Parts.Count, truth.Errors, predictions)),
            ],
        };
    }
}
