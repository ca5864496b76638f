namespace DasAudit.Core.Projections;

/// <summary>Keeps each layer's slice whole where its block is as long, else sketches it by its own transform.</summary>
/// <remarks>A layer's inner products and squared norms are right in expectation, hence the whole gradient's.</remarks>
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

    public ProjectionPart? PartFrom(int start)
    {
        var first = 0;
        foreach (var (block, sketch) in blocks.Zip(_sketches))
        {
            if (start < first + block.Parameters)
            {
                var part = sketch.PartFrom(start - first)!;
                return part with { Offset = block.Offset + part.Offset };
            }
            first += block.Parameters;
        }
        throw new ArgumentOutOfRangeException(nameof(start));
    }

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
