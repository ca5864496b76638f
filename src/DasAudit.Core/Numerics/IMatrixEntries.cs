namespace DasAudit.Core.Numerics;

/// <summary>
/// The entries of a p × k matrix, unscaled, each of variance 1 and a function of (seed, coordinate, column) alone, the
/// same on every machine.
/// </summary>
internal unsafe interface IMatrixEntries
{
    /// <summary>Coordinates of a block, and columns of a block; block borders are multiples of it.</summary>
    const int Side = 64;

    /// <summary>Writes the entries of a block.</summary>
    /// <param name="coordinate">The first coordinate.</param>
    /// <param name="column">The first column.</param>
    /// <param name="block"><see cref="Side"/> columns of the first coordinate, then of the second, and so on.</param>
    void Fill(int coordinate, int column, float* block);
}
