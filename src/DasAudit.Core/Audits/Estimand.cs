using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Says what a method's scores are estimates of: which behaviour, intervention and training.</summary>
internal sealed class Estimand(IAttributionMethod method)
{
    private const string Noised = "at noised versions of the picture";
    private const string Loss = $"the training loss {Noised}: how far the network's prediction is from its target";
    private const string Nothing = "none";

    private ScoreKind Kind => method.Description.Scores.Kind;

    private MethodNeeds Needs => method.Needs;

    // One damped step stands for training again.
    private bool HasCurvature =>
        Needs.Ekfac || method.Description.Damping is not null || method.Description.OwnDamping is not null;

    /// <param name="listed">The pictures of the report.</param>
    public EstimandInfo Of(IReadOnlyList<AttributedPicture> listed) =>
        new(
            Behaviour(),
            Intervention(),
            TrainingProcess(),
            Memorisation(listed),
            "That the model was trained on these pictures is taken as given; no score is evidence of it."
        );

    private string Behaviour()
    {
        if (Kind == ScoreKind.Chance)
            return Nothing;
        if (Kind == ScoreKind.Resemblance)
            return Needs.LooksAtModel
                ? "none; how alike the two pictures are to the model"
                : "none; how alike the two pictures are";
        if (Needs.Trajectory)
            return "the training loss along the steps in which the picture was sampled";
        return Needs.Features.Count == 0
            ? Loss
            : OfFunction((Needs.Features[0].QueryKinds ?? Needs.Features[0].Kinds)[0].Function);
    }

    private static string OfFunction(string function)
    {
        if (
            function.StartsWith(OutputFunctions.RandomProbe, StringComparison.Ordinal)
            || function.StartsWith(OutputFunctions.PictureProbe, StringComparison.Ordinal)
        )
            return $"the network's prediction {Noised}, seen from random directions";
        return function switch
        {
            "loss" => Loss,
            "mean" => $"the average of the network's prediction {Noised}",
            "weighted-mse" => $"the training loss {Noised}, each timestep weighed as in the likelihood",
            "squared-norm" => $"the squared length of the network's prediction {Noised}",
            _ => $"the {function} of the network's prediction {Noised}",
        };
    }

    private string Intervention()
    {
        if (Kind != ScoreKind.Influence)
            return Nothing;
        if (Needs.RetrainedModels > 0)
            return "the training picture is left out, together with others chosen at random, and a model is trained "
                + "without them";
        if (Needs.Replay)
            return "the training picture's weight in the last recorded steps of training falls to zero";
        return HasCurvature
            ? "the training picture alone is left out of training; one damped Gauss–Newton step from these weights "
                + "stands for training again"
            : "one more small step of training is taken on the training picture";
    }

    private string TrainingProcess()
    {
        if (Kind != ScoreKind.Influence)
            return Nothing;
        if (Needs.RetrainedModels > 0)
            return "that of the retrained models, over as much of its randomness as they cover";
        if (Needs.Replay)
            return "the recorded run itself";
        return Needs.Features.Any(need => need.Checkpoints == CheckpointChoice.All)
            ? "the one that led to the checkpoints at hand, linearised at each; another run may give another answer"
            : "the one that led to these weights, linearised there; another run may give another answer";
    }

    private static string Memorisation(IReadOnlyList<AttributedPicture> listed)
    {
        const string Apart =
            "A picture can have much influence and be no copy, and the other way round; whether one is a copy is for "
            + "people to judge who see them side by side.";
        var closest = listed.Where(picture => picture.Similarity is not null).MaxBy(picture => picture.Similarity);
        return closest is null
            ? Apart
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Apart} Of the listed pictures, number {closest.Rank} is the most like this one, with a cosine of "
                    + $"{closest.Similarity:0.000} by the encoder."
            );
    }
}
