namespace DasAudit.Core.Features;

/// <summary>
/// The features Φ [n, k] of many training pictures where they lie, as a file on a disk: read block by block, each a run
/// of consecutive rows. A block of about 128 KB is best: it stays in a core's cache beside the queries while it is
/// worked on. Reading is thread-safe.
/// </summary>
internal interface IFeatureBlocks
{
    /// <summary>n.</summary>
    int Count { get; }

    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Whether values are float16; else they are float32.</summary>
    bool Half { get; }

    /// <summary>Number of blocks.</summary>
    int Blocks { get; }

    /// <summary>The row that a block begins with; n for block <see cref="Blocks"/>, the one after the last.</summary>
    int FirstRow(int block);

    /// <summary>Reads a block.</summary>
    /// <param name="block">Which, from 0.</param>
    /// <param name="values">Filled with its rows, k finite little-endian values each: 2·k or 4·k bytes a row.</param>
    /// <param name="scales">Filled with the factor that a row's values must be multiplied with.</param>
    /// <exception cref="Abstractions.AuditException">It cannot be read, with the remedy.</exception>
    void Read(int block, Span<byte> values, Span<float> scales);
}
