using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>What leaving out pictures, or groups of them, does to one query, and what is chance.</summary>
internal sealed class EnsembleQueryEffects
{
    private const int Permutations = 200;

    private readonly double[] _largestByChance;

    /// <param name="gram">Of the members' residuals.</param>
    /// <param name="saw">Which members saw what is left out, one array for each.</param>
    /// <param name="source">Deals members to pictures at random.</param>
    public EnsembleQueryEffects(double[,] gram, IReadOnlyList<bool[]> saw, NoiseSource source)
    {
        var mean = new MemberMean(gram);
        Loss = mean.Loss;
        Effects = [.. saw.Select(mean.Without)];
        _largestByChance =
        [
            .. Enumerable
                .Range(0, Permutations)
                .Select(draw => source.Permutation(new(NoisePurpose.SubsetDraw, 0, draw), mean.Members))
                .Select(order => new MemberMean(Permuted(gram, order)))
                .Select(dealt => saw.Max(ofPicture => dealt.Without(ofPicture).Standardised))
                .Order(),
        ];
    }

    /// <summary>Simple loss of the ensemble.</summary>
    public double Loss { get; }

    /// <summary>Of each.</summary>
    public IReadOnlyList<CounterfactualEffect> Effects { get; }

    /// <summary>Of the largest effect: (1 + number of draws with one as large)/(1 + draws).</summary>
    public double PValue
    {
        get
        {
            var largest = Effects.Max(effect => effect.Standardised);
            return (1.0 + _largestByChance.Count(chance => chance >= largest)) / (1 + Permutations);
        }
    }

    /// <summary>Whether the largest effect is above chance.</summary>
    public bool IsAttributable => PValue <= EnsembleResult.Level;

    /// <summary>Places of the effects that are above 95 % of the largest ones by chance, largest first.</summary>
    public IReadOnlyList<int> StandOut
    {
        get
        {
            var threshold = _largestByChance[(int)Math.Ceiling((1 - EnsembleResult.Level) * Permutations) - 1];
            return
            [
                .. Enumerable
                    .Range(0, Effects.Count)
                    .Where(place => Effects[place].Standardised > threshold)
                    .OrderByDescending(place => Effects[place].Standardised),
            ];
        }
    }

    private static double[,] Permuted(double[,] gram, int[] order)
    {
        var permuted = new double[order.Length, order.Length];
        for (var m = 0; m < order.Length; m++)
        for (var n = 0; n < order.Length; n++)
            permuted[m, n] = gram[order[m], order[n]];
        return permuted;
    }
}
