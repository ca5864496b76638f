namespace DasAudit.Core.Projections;

/// <summary>Where the coordinates of one parameter go in a feature.</summary>
/// <param name="HashSeed">Of the <see cref="Numerics.SjltHash"/> that says so; null if they stay as they are.</param>
/// <param name="First">The number of the parameter's first coordinate among those that are hashed together.</param>
/// <param name="Dimension">How many places the hash knows.</param>
/// <param name="Offset">The first of these places in the feature; that of the first coordinate without a hash.</param>
internal sealed record ProjectionPart(long? HashSeed, int First, int Dimension, int Offset);
