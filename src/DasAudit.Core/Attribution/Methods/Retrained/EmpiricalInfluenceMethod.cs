using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;

namespace DasAudit.Core.Attribution.Methods.Retrained;

/// <summary>
/// s(z, i) = mean loss of z under the retrained models that never saw i − mean loss under those that did (Feldman and
/// Zhang, NeurIPS 2020). Needs hundreds of models before the influence of one picture stands out. Decoys, and pictures
/// that all models saw or none, score 0.
/// </summary>
internal sealed class EmpiricalInfluenceMethod : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new(
            "empirical-influence",
            "Empirical influence",
            "Feldman and Zhang, NeurIPS 2020",
            $"models retrained with {Settings.Name("part")}"
        )
        {
            Scores = new(
                "How much larger the error on the audited picture is, on average, under the retrained models that "
                    + "never saw the training picture than under those that did; below 0, how much smaller.",
                LargerMeans: "models that never saw the training picture have a larger error on the audited picture",
                Direction: ScoreDirection.Sign,
                Noise: ScoreNoise.Averaged,
                Scale: "In units of the training loss.",
                IncludeDecoys: false
            ),
        };

    public MethodNeeds Needs { get; } = new() { RetrainedModels = 2 };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var models = RetrainedModels.Of(inputs, Description.Id, Needs.RetrainedModels);
        var scores = Enumerable
            .Range(0, inputs.Queries)
            .Select(q => Enumerable.Range(0, inputs.Members).Select(i => Difference(models, i, q)))
            .Select(ofMembers => RetrainedModels.Scores(ofMembers, inputs.Scored));
        return new([.. scores], []);
    }

    private static double Difference(RetrainedModels models, int member, int query)
    {
        var count = models.Memberships.Count(membership => membership[member]);
        if (count == 0 || count == models.Count)
            return 0;
        var with = 0.0;
        var without = 0.0;
        foreach (var (m, membership) in models.Memberships.Index())
        {
            if (membership[member])
                with += models.Losses[m][query];
            else
                without += models.Losses[m][query];
        }

        return without / (models.Count - count) - with / count;
    }
}
