namespace DasAudit.Core.Features;

/// <summary>
/// Features Φ [n, k] of training pictures where they lie, such as on a disk: read block by block, each a run of rows.
/// About 128 KB a block is best: it stays in a core's cache beside the queries. Reading is thread-safe.
/// </summary>
internal interface IFeatureBlocks
{
    /// <summary>n.</summary>
    int Count { get; }

    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Whether values are float16; else they are float32.</summary>
    bool Half { get; }

    int Blocks { get; }

    /// <summary>The row that a block begins with; n for block <see cref="Blocks"/>, the one after the last.</summary>
    int FirstRow(int block);

    /// <summary>Reads a block, from 0.</summary>
    /// <param name="values">Filled with its rows, k finite little-endian values each: 2·k or 4·k bytes a row.</param>
    /// <param name="scales">Filled with the factor that a row's values must be multiplied with.</param>
    void Read(int block, Span<byte> values, Span<float> scales);
}
