namespace DasAudit.Core.Projections;

/// <summary>
/// A projection block by block: each layer's slice of the gradient is kept whole where its block is as long, else
/// sketched by a transform of its own. Inner products and squared norms of each layer are right in expectation, hence
/// those of the whole gradient too.
/// </summary>
internal sealed class LayerSketch(long seed, IReadOnlyList<LayerBlock> blocks) : IProjection
{
    // Any odd number: each layer's transform must be independent of the others'.
    private const long Step = 0x3C6E_F372_FE94_F82B;

    private readonly IProjection[] _sketches =
    [
        .. blocks.Select(
            (block, l) =>
                block.Length == block.Parameters
                    ? (IProjection)new IdentityProjection(block.Length)
                    : new Sjlt(unchecked(seed + (l + 1) * Step), block.Length)
        ),
    ];

    public int Dimension { get; } = blocks.Sum(block => block.Length);

    public float[][] Project(IReadOnlyList<float[]> gradients)
    {
        float[][] features = [.. gradients.Select(_ => new float[Dimension])];
        var start = 0;
        foreach (var (block, sketch) in blocks.Zip(_sketches))
        {
            var end = start + block.Parameters;
            float[][] slices = [.. gradients.Select(gradient => gradient[start..end])];
            foreach (var (feature, part) in features.Zip(sketch.Project(slices)))
                part.CopyTo(feature, block.Offset);
            start = end;
        }

        return features;
    }
}
