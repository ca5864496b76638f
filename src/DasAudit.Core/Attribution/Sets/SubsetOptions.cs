namespace DasAudit.Core.Attribution.Sets;

/// <summary>How the most influential subset is sought.</summary>
internal sealed record SubsetOptions
{
    /// <summary>Most pictures that are chosen, at least 1.</summary>
    public int Size { get; init; } = 10;

    public SubsetSearch Search { get; init; } = SubsetSearch.Adaptive;

    /// <summary>Whether to stop as soon as no picture is left that is rated above zero.</summary>
    public bool StopAtZero { get; init; } = true;
}

/// <summary>In what order pictures are taken into the most influential subset (Hu et al., 2024).</summary>
public enum SubsetSearch
{
    /// <summary>By v_i, a picture's first-order influence. Blind to pictures that stand in for each other.</summary>
    Greedy,

    /// <summary>LAGS: by v_i/(1 − h_i), the exact influence of each picture alone. Blind in the same way.</summary>
    LeverageAdjusted,

    /// <summary>By what each picture adds to those already taken, computed anew after every pick.</summary>
    Adaptive,
}

/// <summary>Pictures in the order in which they were chosen.</summary>
/// <param name="Influence">Influence of the first 1, 2, … of them together.</param>
internal sealed record InfluentialSubset(IReadOnlyList<int> Order, IReadOnlyList<double> Influence);
