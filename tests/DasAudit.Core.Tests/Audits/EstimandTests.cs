using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

public sealed class EstimandTests
{
    [Theory]
    [InlineData("das", "the average of the network's prediction", "one damped Gauss–Newton step", "these weights")]
    [InlineData("d-trak", "the squared length of the network's prediction", "damped Gauss–Newton", "these weights")]
    [InlineData("das-v", "the network's prediction", "one damped Gauss–Newton step", "these weights")]
    [InlineData("trak", "the training loss", "one damped Gauss–Newton step", "the checkpoints at hand")]
    [InlineData("ekfac", "the training loss", "one damped Gauss–Newton step", "these weights")]
    [InlineData("tracin", "the training loss", "one more small step of training", "the checkpoints at hand")]
    [InlineData("gradient-dot", "the training loss", "one more small step of training", "these weights")]
    [InlineData("journey-trak", "the steps in which the picture was sampled", "Gauss–Newton", "these weights")]
    [InlineData("replay-adjoint", "the training loss", "the last recorded steps", "the recorded run")]
    [InlineData("datamodel", "the training loss", "others chosen at random", "the retrained models")]
    [InlineData("pixel", "how alike the two pictures are", "none", "none")]
    [InlineData("activation-ridge", "to the model", "none", "none")]
    [InlineData("random", "none", "none", "none")]
    public void It_says_behaviour_intervention_and_training(
        string id,
        string behaviour,
        string intervention,
        string training
    )
    {
        var estimand = Of(id);

        Assert.Contains(behaviour, estimand.Behaviour);
        Assert.Contains(intervention, estimand.Intervention);
        Assert.Contains(training, estimand.TrainingProcess);
    }

    [Fact]
    public void Only_methods_that_show_influence_have_an_intervention()
    {
        foreach (var method in MethodCatalog.All)
        {
            var estimand = new Estimand(method).Of([]);
            var isInfluence = method.Description.Scores.Kind == ScoreKind.Influence;
            Assert.Equal(isInfluence, estimand.Intervention != "none");
            Assert.Equal(isInfluence, estimand.TrainingProcess != "none");
            Assert.Contains("taken as given", estimand.Membership);
        }
    }

    [Fact]
    public void Of_the_listed_pictures_the_most_alike_is_named_by_its_rank()
    {
        Assert.DoesNotContain("cosine", Of("das", null, null).Memorisation);
        Assert.EndsWith(
            "number 2 is the most like this one, with a cosine of 0.981 by the encoder.",
            Of("das", 0.4f, 0.9812f, 0.7f).Memorisation
        );
    }

    private static EstimandInfo Of(string id, params float?[] similarities) =>
        new Estimand(MethodCatalog.All.Single(method => method.Description.Id == id)).Of([
            .. similarities.Select(
                (similarity, index) =>
                    new AttributedPicture
                    {
                        Rank = index + 1,
                        Item = $"{index}.png",
                        Sha256 = "",
                        Score = 1,
                        Direction = 1,
                        Similarity = similarity,
                        Tiers = [],
                    }
            ),
        ]);
}
