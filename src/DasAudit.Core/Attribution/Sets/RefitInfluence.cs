namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// The influence of sets of pictures in a model linear in its parameters that is fitted again without them: over all
/// kernels of a method, one for each noise draw, pass or checkpoint, the mean of A(R)², or of A(R), see
/// <see cref="LinearInfluence"/>. Unlike <see cref="SetInfluence"/> it knows that pictures stand in for each other:
/// left out one by one, c copies of leverage h are hardly missed, left out together they change the output c·(1 − h)/(1
/// − c·h) times as much as one of them.
/// </summary>
/// <param name="Kernels">Of the same pictures.</param>
/// <param name="Effect">What influence is.</param>
internal sealed record RefitInfluence(IReadOnlyList<LinearInfluence> Kernels, SetEffect Effect)
{
    /// <summary>
    /// Most values that hat matrices may have in all, 2²⁷ or 1 GiB: n² for each kernel. Methods hand over none where it
    /// would be more.
    /// </summary>
    public const long MostValues = 1L << 27;

    /// <summary>Number of pictures.</summary>
    public int Count => Kernels[0].Count;

    /// <summary>The influence of a set.</summary>
    /// <param name="set">Rows, each once.</param>
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
