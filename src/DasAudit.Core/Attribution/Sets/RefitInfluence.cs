namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// The influence of sets of pictures in a model linear in its parameters that is fitted again without them: the mean of
/// A(R)², or of A(R), see <see cref="LinearInfluence"/>, over all kernels of a method, one for each noise draw, pass or
/// checkpoint. Unlike <see cref="SetInfluence"/> it knows that pictures stand in for each other: left out one by one, c
/// copies of leverage h are hardly missed, left out together they change the output c·(1 − h)/(1 − c·h) times as much
/// as one of them.
/// </summary>
internal sealed record RefitInfluence(IReadOnlyList<LinearInfluence> Kernels, SetEffect Effect)
{
    /// <summary>Most values of all hat matrices, n² a kernel: 2²⁷ or 1 GiB. Of more, methods hand over none.</summary>
    public const long MostValues = 1L << 27;

    public int Count => Kernels[0].Count;

    /// <summary>The influence of a set of rows, each once.</summary>
    public double Of(IReadOnlyCollection<int> set) => Kernels.Average(kernel => Influence(kernel.Of(set)));

    /// <summary>What a change A of one kernel is worth.</summary>
    internal double Influence(double change) => Effect == SetEffect.SquaredChange ? change * change : change;
}

/// <summary>What the influence of a set is.</summary>
internal enum SetEffect
{
    /// <summary>A(R): by how much the output falls.</summary>
    Change,

    /// <summary>A(R)²: how far the output moves.</summary>
    SquaredChange,

    /// <summary>A(R) with r = a: the rise of a Gaussian process's variance at the query, in units of λ.</summary>
    Variance,
}
