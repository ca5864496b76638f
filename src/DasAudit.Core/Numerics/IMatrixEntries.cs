namespace DasAudit.Core.Numerics;

/// <summary>The entries of a p × k matrix, unscaled, each of variance 1.</summary>
/// <remarks>Each is a function of (seed, coordinate, column) alone, the same on every machine.</remarks>
internal unsafe interface IMatrixEntries
{
    /// <summary>Coordinates of a block, and columns of a block; block borders are multiples of it.</summary>
    const int Side = 64;

    /// <summary>Writes a block: <see cref="Side"/> columns of the first coordinate, then of the second …</summary>
    void Fill(int coordinate, int column, float* block);
}
