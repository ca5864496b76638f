using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>Gathers the scores of one query, replicate by replicate; tensors are float64 [scored pictures].</summary>
internal sealed class QuerySheet
{
    private readonly List<double[]> _scores = [];
    private readonly List<double[][]> _inner = [];
    private readonly List<double[][]> _partners = [];
    private readonly List<double[][]> _steps = [];
    private double[]? _influence;
    private bool _squaresAddUp;

    public void AddScores(Tensor scores) => _scores.Add(Values(scores));

    /// <summary>One tensor for each step of sampling.</summary>
    public void AddSteps(IEnumerable<Tensor> steps) => _steps.Add([.. steps.Select(Values)]);

    /// <summary>Adds mean squares of s_b, or mean products with the partners s′_b.</summary>
    /// <param name="addUp">See <see cref="QueryScores.SquaresAddUp"/>.</param>
    public void AddSquares(IEnumerable<Tensor> inner, IEnumerable<Tensor>? partners, bool addUp)
    {
        double[][] factors = [.. inner.Select(Values)];
        double[][]? otherFactors = partners is null ? null : [.. partners.Select(Values)];
        _inner.Add(factors);
        if (otherFactors is not null)
            _partners.Add(otherFactors);
        _scores.Add(QueryScores.MeanProducts(factors, otherFactors ?? factors));
        _squaresAddUp = addUp;
    }

    public void AddInfluence(Tensor influence)
    {
        var values = Values(influence);
        _influence = _influence is null ? values : [.. _influence.Zip(values, (sum, value) => sum + value)];
    }

    public QueryScores Finish() =>
        new(_scores)
        {
            Inner = OrNull(_inner),
            Partners = OrNull(_partners),
            Steps = OrNull(_steps),
            SquaresAddUp = _squaresAddUp,
            Directions = _influence?.Select(value => value < 0 ? -1 : 1).ToArray(),
        };

    private static List<double[][]>? OrNull(List<double[][]> values) => values.Count > 0 ? values : null;

    private static double[] Values(Tensor row) => [.. row.contiguous().data<double>()];
}
