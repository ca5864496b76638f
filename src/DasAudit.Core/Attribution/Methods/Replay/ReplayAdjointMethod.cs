using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Replay;

/// <summary>
/// By how much the query's loss would rise had the picture been left out of the end of training, to first order and in
/// expectation of the noise that training met it under: the derivative through the replayed steps, see
/// <see cref="Training.Replay.ReplayEngine"/>. After metagradients (MAGIC, Ilyas and Engstrom, 2025), which answer for
/// the noise of their own run.
/// </summary>
internal sealed class ReplayAdjointMethod : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new(
            "replay-adjoint",
            "Derivative through the replayed end of training",
            "this program, after MAGIC; docs/methods.md",
            "the last part of training, and as much again for each picture"
        )
        {
            Scores = new(
                "An estimate, by going back through the last steps of training, of how much larger the model's error "
                    + "on the audited picture would be had the training picture been left out of them; below 0, how "
                    + "much smaller.",
                LargerMeans: "leaving the training picture out of the end of training would raise the model's error on "
                    + "the audited picture more",
                Direction: ScoreDirection.Sign,
                Noise: ScoreNoise.Averaged,
                Scale: "The unit is that of the mean squared error of the model's predictions."
            ),
        };

    public MethodNeeds Needs { get; } = new() { Replay = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        MethodScores.Undamped(RisesOf(inputs, Description.Id).Select(query => (double[][])[query]));

    /// <summary>What a method that replays training is given, [query][scored picture].</summary>
    internal static double[][] RisesOf(MethodInputs inputs, string method)
    {
        if (inputs.Replay is not { } rises)
            throw new AuditException($"The method {method} replays training itself; let audit do it.");
        if (rises.Length != inputs.Queries || rises.Any(query => query.Length != inputs.Scored))
            throw new AuditException(
                $"What {method} was given is of other pictures than are to be scored; let audit replay training anew."
            );
        return rises;
    }
}
