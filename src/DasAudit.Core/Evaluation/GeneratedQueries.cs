using DasAudit.Core.Audits;
using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>How queries were generated, as far as they say.</summary>
internal static class GeneratedQueries
{
    /// <summary>Refuses pictures whose seed is not known, before anything heavy. Missing ones fail later.</summary>
    public static void Check(AuditRequest request)
    {
        foreach (var (index, path) in request.Inputs.Images.Index())
            if (File.Exists(request.Resolve(path)))
                SeedOf(request, index);
    }

    /// <summary>What they state; for the rest, the request's sampling.</summary>
    /// <param name="queries">Those of the request's pictures, in their order.</param>
    /// <exception cref="AuditException">One does not say its seed, or states what cannot be followed.</exception>
    public static IReadOnlyList<GeneratedQuery> Of(
        AuditRequest request,
        IReadOnlyList<AuditQuery> queries,
        IDiffusionModel model
    ) => [.. queries.Select((query, index) => Of(query, SeedOf(request, index), request, model))];

    private static GeneratedQuery Of(AuditQuery query, long seed, AuditRequest request, IDiffusionModel model)
    {
        var sampling = query.Picture.SamplingWith(model, request.Inputs.Sampling);
        // Refuses more steps than the model knows.
        sampling.CreateSampler(model);
        return new(seed, query.Input.Picture.Condition ?? new(null, null), sampling);
    }

    private static long SeedOf(AuditRequest request, int index) =>
        QueryPicture.StatedSeedOf(request, index)
        ?? throw new AuditException(
            $"'{request.Inputs.Images[index]}' does not say from which seed it was generated, so that it cannot be "
                + $"generated again; name it seed-N.png, or give all seeds with {Settings.Name("query-seed")}."
        );
}
