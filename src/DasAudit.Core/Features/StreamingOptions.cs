namespace DasAudit.Core.Features;

/// <summary>How features of so many pictures that they do not fit into memory are worked with.</summary>
public sealed record StreamingOptions
{
    /// <summary>
    /// Most numbers of a matrix of features in memory, at 8 bytes each and up to three times over. Default 2²⁷. Larger
    /// ones are read block by block each time, which changes the last digits: so it may not follow from the machine.
    /// </summary>
    public long MostInMemory { get; init; } = 1 << 27;

    /// <summary>Threads that read and multiply, at least 1; results do not depend on them. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Stops between blocks.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether a matrix is too large for memory.</summary>
    internal bool Exceeded(IFeatureBlocks features) => (long)features.Count * features.Dimension > MostInMemory;
}
