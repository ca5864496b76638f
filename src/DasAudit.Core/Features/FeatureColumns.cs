namespace DasAudit.Core.Features;

/// <summary>Neighbouring values of each feature, such as some layers' where layers are projected apart.</summary>
/// <param name="first">The first value's position.</param>
/// <param name="length">How many values.</param>
internal sealed class FeatureColumns(FeatureSet set, int first, int length) : FeatureSet
{
    public override int Count => set.Count;

    public override PictureFeatures this[int index] =>
        set[index] with
        {
            Rows = set[index]
                .Rows.ToDictionary(
                    rows => rows.Key,
                    rows => Array.ConvertAll(rows.Value, row => row.AsSpan(first, length).ToArray())
                ),
        };

    public override int RowsOf(FeatureKind kind) => set.RowsOf(kind);

    public override IFeatureBlocks Blocks(FeatureKind kind, int row) =>
        new CutBlocks(set.Blocks(kind, row), first, length);

    public override FeatureSet Take(IEnumerable<int> pictures) => new FeatureColumns(set.Take(pictures), first, length);

    public override double[][] SquaredErrors(int replicate) => set.SquaredErrors(replicate);

    public override double[][] GradientNorms(string function, int replicate) => set.GradientNorms(function, replicate);

    public override double[][]? TangentTargets(string function, int replicate) =>
        set.TangentTargets(function, replicate);

    private sealed class CutBlocks(IFeatureBlocks whole, int first, int length) : IFeatureBlocks
    {
        private readonly int _valueBytes = whole.Half ? sizeof(short) : sizeof(float);

        public int Count => whole.Count;

        public int Dimension => length;

        public bool Half => whole.Half;

        public int Blocks => whole.Blocks;

        public int FirstRow(int block) => whole.FirstRow(block);

        public void Read(int block, Span<byte> values, Span<float> scales)
        {
            var rowBytes = whole.Dimension * _valueBytes;
            var rows = new byte[scales.Length * rowBytes];
            whole.Read(block, rows, scales);
            for (var r = 0; r < scales.Length; r++)
                rows.AsSpan(r * rowBytes + first * _valueBytes, length * _valueBytes)
                    .CopyTo(values.Slice(r * length * _valueBytes, length * _valueBytes));
        }
    }
}
