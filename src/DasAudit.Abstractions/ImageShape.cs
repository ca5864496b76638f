namespace DasAudit.Abstractions;

/// <summary>Channels, height and width of one picture or latent.</summary>
/// <param name="Channels">1 for grey, 3 for RGB, 4 for a Stable Diffusion latent.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values.</summary>
    public int Length => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}
