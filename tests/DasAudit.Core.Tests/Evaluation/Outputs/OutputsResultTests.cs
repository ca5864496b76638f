using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Outputs;

namespace DasAudit.Core.Tests.Evaluation.Outputs;

public sealed class OutputsResultTests
{
    [Theory]
    [InlineData(
        0.1,
        0.1,
        0.05,
        0.2,
        "From model to model generated pictures follow the change of the noise prediction more"
    )]
    [InlineData(0.1, 0.1, -0.2, -0.1, "From model to model generated pictures follow the change of the loss more than")]
    [InlineData(
        0.1,
        0.1,
        -0.2,
        0.1,
        "follow the change of the noise prediction and that of the loss; which of them more"
    )]
    [InlineData(0.1, -0.1, -0.2, 0.1, "follow the change of the noise prediction; that they follow it more")]
    [InlineData(-0.1, 0.1, -0.2, 0.1, "follow the change of the loss; that they follow it more")]
    [InlineData(-0.1, -0.1, -0.2, 0.1, "That generated pictures follow, from model to model,")]
    [InlineData(-0.1, -0.1, 0.05, 0.1, "That generated pictures follow, from model to model,")]
    public void Nothing_is_said_to_be_followed_whose_interval_holds_zero(
        double predictions,
        double losses,
        double low,
        double high,
        string said
    )
    {
        var correlation = new OutputsCorrelation(
            "within",
            "pearson",
            new(0.3, predictions, 0.5),
            new(0.2, losses, 0.4),
            new Interval((low + high) / 2, low, high)
        );
        var result = new OutputsResult
        {
            Subsets = 4,
            Part = 0.5,
            TrainingSeeds = [0],
            Queries = 3,
            Reproduced = 3,
            Timesteps = [100],
            Draws = 1,
            Correlations = [correlation],
            ModelSha256 = "",
            DatasetRoot = "",
        };

        Assert.Contains(said, Assert.Single(result.Findings).Sentence);
    }
}
