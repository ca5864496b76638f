using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Retrained;

/// <summary>
/// s(z, i) = mean loss of z under the retrained models that never saw i − mean loss under those that did (Feldman and Zhang, NeurIPS 2020).
/// Needs hundreds of models before the influence of one picture stands out. Decoys, and pictures that all models saw or none, score 0.
/// </summary>
public sealed class EmpiricalInfluence : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "empirical-influence",
            "Empirical influence",
            "Feldman and Zhang, NeurIPS 2020",
            "models retrained by train --part",
            "models that never saw the training picture have a larger error on the audited picture"
        )
        {
            Meaning =
                "How much larger the error on the audited picture is, on average, under the retrained models that never saw the training picture than under those that did; below 0, how much smaller.",
            Direction = ScoreDirection.Sign,
            Noise = ScoreNoise.Averaged,
            ScoresDecoys = false,
            Scale = "In units of the training loss.",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { RetrainedModels = 2 };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var models = RetrainedModels.Of(inputs, Description.Id, Needs.RetrainedModels);
        var seen = Enumerable.Range(0, inputs.Members).Select(i => models.Memberships.Count(own => own[i])).ToArray();
        return new(
            [
                .. Enumerable
                    .Range(0, inputs.Queries)
                    .Select(q =>
                        RetrainedModels.Scores(
                            seen.Select(
                                (count, i) =>
                                {
                                    if (count == 0 || count == models.Count)
                                        return 0;
                                    var (with, without) = (0.0, 0.0);
                                    foreach (var (m, own) in models.Memberships.Index())
                                    {
                                        if (own[i])
                                            with += models.Losses[m][q];
                                        else
                                            without += models.Losses[m][q];
                                    }

                                    return without / (models.Count - count) - with / count;
                                }
                            ),
                            inputs.Rows
                        )
                    ),
            ],
            []
        );
    }
}
