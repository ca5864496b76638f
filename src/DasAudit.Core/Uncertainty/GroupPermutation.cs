using System.Numerics.Tensors;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Uncertainty;

/// <summary>
/// Whether a group of candidates matters more to the query than random groups of its size from the same candidates:
/// p = (1 + #{draws: T(random) ≥ T(group)})/(draws + 1), T the <see cref="SetInfluence"/>, averaged over noise draws.
/// It is conditional on the candidates: where they were chosen for resemblance to the query, it tests for influence
/// beyond it.
/// </summary>
/// <param name="count">The candidates are the first pictures.</param>
/// <param name="draws">Random groups. Default 10,000, so that no p is smaller than 1/10,001.</param>
internal sealed class GroupPermutation(QueryScores scores, int count, long seed, int draws = 10_000)
{
    private readonly PictureVectors _vectors = new(scores, count);
    private readonly Dictionary<int, double[]> _random = [];

    /// <summary>Tests a group of candidates, each once; groups of one size meet the same random groups.</summary>
    public GroupTest Test(IReadOnlyCollection<int> group)
    {
        var sum = new double[_vectors.Width];
        foreach (var i in group)
            TensorPrimitives.Add(sum, _vectors[i], sum);
        var influence = _vectors.Influence(sum);
        if (!_random.TryGetValue(group.Count, out var random))
        {
            random = Random(group.Count);
            _random.Add(group.Count, random);
        }

        // A random group can be the very group, summed in another order.
        var threshold = influence - 1e-12 * Math.Abs(influence);
        var atLeast = random.Count(value => value >= threshold);
        return new(influence, (1.0 + atLeast) / (draws + 1), random.Average());
    }

    private double[] Random(int size)
    {
        var noise = new NoiseSource(seed);
        var order = Enumerable.Range(0, count).ToArray();
        var chosen = new int[size];
        var sum = new double[_vectors.Width];
        var result = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            Array.Clear(sum);
            for (var i = 0; i < size; i++)
            {
                // The beginning of a Fisher–Yates shuffle; undone below, so that no draw depends on those before.
                chosen[i] = i + noise.Below(new(NoisePurpose.Resampling, 0, draw), i, count - i);
                (order[i], order[chosen[i]]) = (order[chosen[i]], order[i]);
                TensorPrimitives.Add(sum, _vectors[order[i]], sum);
            }

            result[draw] = _vectors.Influence(sum);
            for (var i = size - 1; i >= 0; i--)
                (order[i], order[chosen[i]]) = (order[chosen[i]], order[i]);
        }

        return result;
    }
}

/// <summary>A group's influence and p-value, with the mean influence of random groups of its size.</summary>
internal sealed record GroupTest(double Influence, double PValue, double ByChance);
