namespace DasAudit.Core.Features.Store;

/// <summary>One row of a kind of features of the pictures in a <see cref="FeatureStore"/>.</summary>
internal sealed class StoredFeatures : IFeatureBlocks
{
    private readonly FeatureStore _store;
    private readonly FeatureKind _kind;
    private readonly int _row;
    private readonly IReadOnlyList<FeatureKey> _keys;
    private readonly int _rowsInBlock;

    /// <summary>The pictures are the rows of Φ; reading is fastest in the order in which they were added.</summary>
    public StoredFeatures(FeatureStore store, FeatureKind kind, int row, IReadOnlyList<FeatureKey> keys)
    {
        store.CheckRow(kind, row);
        (_store, _kind, _row, _keys) = (store, kind, row, keys);
        _rowsInBlock = Math.Max(
            1,
            BlockBuffer.UsualBytes / Math.Max(1, Dimension * (Half ? sizeof(short) : sizeof(float)))
        );
    }

    public int Count => _keys.Count;

    public int Dimension => _store.Dimension ?? 0;

    public bool Half => _store.Format == FeatureFormat.F16;

    public int Blocks => (Count + _rowsInBlock - 1) / _rowsInBlock;

    public int FirstRow(int block) => Math.Min(Count, block * _rowsInBlock);

    public void Read(int block, Span<byte> values, Span<float> scales)
    {
        var keys = new FeatureKey[scales.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = _keys[FirstRow(block) + i];
        _store.ReadStored(_kind, _row, keys, values, scales);
    }
}
