using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Replay;

/// <summary>
/// The mean of <see cref="PvaMethod"/> and <see cref="ReplayAdjointMethod"/>, each divided by its standard deviation
/// over the members. That is the mean of z-scores but for a number that is the same for all pictures, so the order is
/// theirs, and a score of 0 and sums over sets keep their meaning.
/// </summary>
internal sealed class PvaReplayMethod : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new(
            "pva+replay",
            "Mean of pva and replay-adjoint",
            "this program; docs/methods.md",
            "1.2, the last part of training, and as much again for each picture"
        )
        {
            Damping = PvaMethod.Full.Description.Damping,
            Scores = new(
                "The mean of two estimates, each in units of its spread over the training pictures: how much of what "
                    + "the model knows about the audited picture rests on the training picture, and how much larger "
                    + "its error there would be had the training picture been left out of the end of training; below 0 "
                    + "where the second outweighs the first.",
                LargerMeans: "more of what the model knows about the audited picture rests on the training picture, "
                    + "and leaving it out of the end of training would do more harm there",
                Direction: ScoreDirection.Sign,
                Noise: ScoreNoise.Averaged,
                Scale: "A unit is a standard deviation over the training pictures that were scored."
            ),
        };

    public MethodNeeds Needs { get; } = new() { Features = PvaMethod.Full.Needs.Features, Replay = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var rises = ReplayAdjointMethod.RisesOf(inputs, Description.Id);
        var pva = PvaMethod.Full.Score(inputs, options with { WithRefits = false }, cancellation);
        var queries = pva.Queries.Zip(rises, (scores, ofQuery) => Mean(scores.Mean, ofQuery, inputs.Members));
        return MethodScores.Undamped(queries.Select(query => (double[][])[query])) with
        {
            Damping = pva.Damping,
            Curve = pva.Curve,
        };
    }

    private static double[] Mean(double[] variances, double[] rises, int members)
    {
        var (first, second) = (Spread(variances, members), Spread(rises, members));
        return [.. variances.Zip(rises, (a, b) => (Part(a, first) + Part(b, second)) / 2)];

        // Scores that are all alike tell pictures no more apart than none.
        static double Part(double score, double spread) => spread > 0 ? score / spread : 0;
    }

    private static double Spread(double[] scores, int members)
    {
        var mean = scores.Take(members).Average();
        return Math.Sqrt(scores.Take(members).Average(score => (score - mean) * (score - mean)));
    }
}
