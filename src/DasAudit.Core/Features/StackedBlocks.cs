namespace DasAudit.Core.Features;

/// <summary>Features one after the other, each times a factor.</summary>
internal sealed class StackedBlocks : IFeatureBlocks
{
    private readonly (IFeatureBlocks Features, float Factor, int FirstBlock, int FirstRow)[] _parts;

    /// <summary>Stacks features of the same length and number format.</summary>
    public StackedBlocks(params IReadOnlyList<(IFeatureBlocks Features, double Factor)> parts)
    {
        (IFeatureBlocks Features, double Factor)[] filled = [.. parts.Where(part => part.Features.Count > 0)];
        if (
            filled.Any(part =>
                part.Features.Dimension != filled[0].Features.Dimension || part.Features.Half != filled[0].Features.Half
            )
        )
            throw new AuditException("The features differ in length or number format; compute them anew.");
        _parts = new (IFeatureBlocks, float, int, int)[filled.Length];
        foreach (var (p, part) in filled.Index())
        {
            _parts[p] = (part.Features, (float)part.Factor, Blocks, Count);
            Blocks += part.Features.Blocks;
            Count += part.Features.Count;
        }
    }

    public int Count { get; }

    public int Dimension => _parts.Length == 0 ? 0 : _parts[0].Features.Dimension;

    public bool Half => _parts.Length > 0 && _parts[0].Features.Half;

    public int Blocks { get; }

    public int FirstRow(int block)
    {
        if (block == Blocks)
            return Count;
        var part = PartOf(block);
        return part.FirstRow + part.Features.FirstRow(block - part.FirstBlock);
    }

    public void Read(int block, Span<byte> values, Span<float> scales)
    {
        var part = PartOf(block);
        part.Features.Read(block - part.FirstBlock, values, scales);
        for (var i = 0; i < scales.Length; i++)
            scales[i] *= part.Factor;
    }

    private (IFeatureBlocks Features, float Factor, int FirstBlock, int FirstRow) PartOf(int block) =>
        Array.FindLast(_parts, part => part.FirstBlock <= block);
}
