using System.Runtime.InteropServices;

namespace DasAudit.Core.Features;

/// <summary>Features in memory.</summary>
internal sealed class ComputedFeatures(IReadOnlyList<PictureFeatures> pictures) : FeatureSet
{
    public override int Count => pictures.Count;

    public override PictureFeatures this[int index] => pictures[index];

    public override int RowsOf(FeatureKind kind) =>
        Count > 0 && pictures[0].Rows.TryGetValue(kind, out var rows) ? rows.Length : 0;

    public override IFeatureBlocks Blocks(FeatureKind kind, int row) =>
        new ArrayBlocks([
            .. pictures.Select(picture =>
            {
                var rows = picture.Rows.GetValueOrDefault(kind) ?? throw Lacks(kind);
                return row < rows.Length ? rows[row] : throw LacksRow(kind);
            }),
        ]);

    public override FeatureSet Take(IEnumerable<int> chosen) =>
        new ComputedFeatures([.. chosen.Select(i => pictures[i])]);

    public override double[][] SquaredErrors(int replicate) =>
        [.. pictures.Select(picture => picture.SquaredErrors[replicate])];

    public override double[][] GradientNorms(string function, int replicate) =>
        [.. pictures.Select(picture => picture.GradientNorms[function][replicate])];

    public override double[][]? TangentTargets(string function, int replicate) =>
        pictures.All(picture => picture.TangentTargets.ContainsKey(function))
            ? [.. pictures.Select(picture => picture.TangentTargets[function][replicate])]
            : null;

    private sealed class ArrayBlocks(float[][] rows) : IFeatureBlocks
    {
        private readonly int _rowsInBlock = Math.Max(
            1,
            BlockBuffer.UsualBytes / sizeof(float) / Math.Max(1, rows.Length == 0 ? 1 : rows[0].Length)
        );

        public int Count => rows.Length;

        public int Dimension => rows.Length == 0 ? 0 : rows[0].Length;

        public bool Half => false;

        public int Blocks => (Count + _rowsInBlock - 1) / _rowsInBlock;

        public int FirstRow(int block) => Math.Min(Count, block * _rowsInBlock);

        public void Read(int block, Span<byte> values, Span<float> scales)
        {
            scales.Fill(1);
            var to = MemoryMarshal.Cast<byte, float>(values);
            for (var i = 0; i < scales.Length; i++)
                rows[FirstRow(block) + i].CopyTo(to.Slice(i * Dimension, Dimension));
        }
    }
}
