using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Tests.Evaluation;

/// <summary>A method that scores as a test says, from pixels; it claims to look at the model too.</summary>
/// <param name="score">Scores of the pictures for the query in a noise draw.</param>
internal sealed class ScriptedMethod(
    string id,
    Func<MethodInputs, int, double[]> score,
    int draws = 2,
    ScoreNoise noise = ScoreNoise.Drawn
) : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new(id, id, "–", "none") { Scores = new("What a test says.", LargerMeans: "more of it", Noise: noise) };

    public MethodNeeds Needs { get; } = new DasMethod().Needs with { Pixels = true };

    MethodScores IAttributionMethod.Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
        MethodScores.Undamped([(double[][])[.. Enumerable.Range(0, draws).Select(draw => score(inputs, draw))]]);

    /// <summary>Minus the squared distance of each picture to the query.</summary>
    public static double[] Likeness(MethodInputs inputs, int draw) =>
        [.. inputs.Pixels!.Scored.Select(picture => -SquaredDistance(inputs.Pixels.Queries[0], picture))];

    private static double SquaredDistance(float[] a, float[] b) => a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum();
}
