using DasAudit.Core.Gradients.Outputs;

namespace DasAudit.Core.Features.Store;

/// <summary>Features in a store, read each time they are asked for.</summary>
/// <param name="keys">The pictures; all are there.</param>
internal sealed class KeptFeatures(FeatureStore store, IReadOnlyList<FeatureKey> keys) : FeatureSet
{
    private readonly Dictionary<string, double[][][]> _tensors = [];

    public override int Count => keys.Count;

    public override PictureFeatures this[int index] => store.Read(keys[index]);

    public override int RowsOf(FeatureKind kind) => store.Settings.RowsOf(kind);

    public override IFeatureBlocks Blocks(FeatureKind kind, int row)
    {
        var rows = RowsOf(kind);
        if (rows == 0)
            throw Lacks(kind);
        return row < rows ? new StoredFeatures(store, kind, row, keys) : throw LacksRow(kind);
    }

    public override FeatureSet Take(IEnumerable<int> chosen) =>
        new KeptFeatures(store, [.. chosen.Select(i => keys[i])]);

    public override double[][] SquaredErrors(int replicate) => Numbers(ShardTensors.SquaredErrors, replicate);

    public override double[][] GradientNorms(string function, int replicate) =>
        Numbers(ShardTensors.Norms(function), replicate);

    public override double[][]? TangentTargets(string function, int replicate) =>
        OutputFunctions.HaveTangentTarget(function) ? Numbers(ShardTensors.Targets(function), replicate) : null;

    private double[][] Numbers(string tensor, int replicate)
    {
        if (!_tensors.TryGetValue(tensor, out var numbers))
            _tensors[tensor] = numbers = store.ReadNumbers(tensor, keys);
        return [.. numbers.Select(picture => picture[replicate])];
    }
}
