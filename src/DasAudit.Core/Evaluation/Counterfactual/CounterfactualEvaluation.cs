using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>
/// Leaves out the training pictures that a method puts first for a generated picture, trains again from the same seed
/// and generates the picture again from the same noise: the more it changes, the better was the method's choice.
/// </summary>
public sealed class CounterfactualEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private const int FewestQueries = 2;

    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public CounterfactualResult? Run(CounterfactualRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var narrowed = request with { Common = Narrowed(request) };
        GeneratedQueries.Check(narrowed.Common.Audit);
        using var court = EvaluationCourt.Open(narrowed.Common, time, progress, cancellation);
        var queries = court.Regenerated();
        var plan = RemovalPlan.Of(narrowed, court);
        progress.Notify([plan.Sentence]);
        // Said before hours of training.
        var reproduced = narrowed.Common.Share == JobShare.All ? queries.CountReproduced() : 0;
        if (!court.Train(plan.Jobs))
            return null;
        queries.Generate(plan.Jobs);
        return Measure(narrowed, court, plan, queries, reproduced);
    }

    // The first queries, no others, and no method that chooses at random, which is always beside the others.
    private static EvaluationRequest Narrowed(CounterfactualRequest request)
    {
        var audit = request.Common.Audit;
        var methods = audit.Options.Methods.Where(method => method.Description.Id != Removal.Random).ToList();
        if (methods.Count == 0)
            throw new AuditException(
                $"Random removals are always measured; name a method that chooses with {Settings.Name("methods")}."
            );
        var inputs = audit.Inputs.OfFirst(request.Queries);
        if (inputs.Images.Count < FewestQueries)
            throw new AuditException(
                "Whether a change is that of one picture shows beside other pictures; give at least "
                    + $"{FewestQueries} pictures that the model generated."
            );
        return request.Common with
        {
            HeldOutCount = 0,
            Audit = audit with { Inputs = inputs, Options = audit.Options with { Methods = methods } },
        };
    }

    private static CounterfactualResult Measure(
        CounterfactualRequest request,
        EvaluationCourt court,
        RemovalPlan plan,
        RegeneratedQueries queries,
        int reproduced
    )
    {
        var bootstrap = new QueryBootstrap(
            court.Queries.Count,
            request.Common.BootstrapDraws,
            request.Common.Truth.Seed
        );
        var measuring = new CounterfactualMeasuring(plan, bootstrap);
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Fraction = request.Fraction,
            LeftOut = plan.LeftOut,
            Queries = [.. court.Queries.Select(query => query.Picture.Path)],
            Reproduced = reproduced,
            TrainingSeeds = court.Seeds,
            Models = plan.Jobs.Count,
            Removals = Removals(plan, court.Seeds[0]),
            Measures = [.. ChangeTables.Of(request, court, plan, queries).Select(measuring.Of)],
        };
    }

    private static IReadOnlyList<RemovalModels> Removals(RemovalPlan plan, long seed) =>
        [
            .. plan.Methods.Select(method => new RemovalModels(
                method.Variant.Id,
                [.. method.OfQueries.Select(left => plan.Without(left, seed).Name)]
            )),
            new(Removal.Random, [.. plan.Random.Select(left => plan.Without(left, seed).Name)]),
        ];
}
