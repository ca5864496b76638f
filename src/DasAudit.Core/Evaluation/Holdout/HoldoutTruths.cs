using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>All truths that a request asks for.</summary>
internal static class HoldoutTruths
{
    /// <summary>Refuses pictures that cannot be generated again, before anything heavy.</summary>
    public static void Check(HoldoutRequest request)
    {
        if (request.WithPictures)
            GeneratedQueries.Check(request.Common.Audit);
    }

    /// <summary>The usual one first, that of pictures last: it has the generated queries alone.</summary>
    /// <param name="bySeed">Jobs of each training seed, that of all pictures first; all trained.</param>
    public static IReadOnlyList<HoldoutTruth> Of(
        HoldoutRequest request,
        EvaluationCourt court,
        IReadOnlyList<IReadOnlyList<RetrainingJob>> bySeed
    )
    {
        var ofErrors = HoldoutErrors.Compute(court, bySeed).Truths;
        return request.WithPictures ? [.. ofErrors, PictureChange.Of(court, bySeed)] : ofErrors;
    }
}
