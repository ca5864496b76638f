namespace DasAudit.Core.Features.Store;

/// <summary>Features of several kinds of the same pictures, each kind a set of its own.</summary>
internal sealed class KindFeatures(IReadOnlyDictionary<FeatureKind, FeatureSet> kinds) : FeatureSet
{
    private readonly FeatureSet _first = kinds.Values.First();

    public override int Count => _first.Count;

    public override PictureFeatures this[int index]
    {
        get
        {
            var parts = kinds.Select(kind => (kind.Key, Features: kind.Value[index])).ToList();
            return parts[0].Features with
            {
                Rows = parts.ToDictionary(part => part.Key, part => part.Features.Rows[part.Key]),
                GradientNorms = Merged(parts.Select(part => part.Features.GradientNorms)),
                TangentTargets = Merged(parts.Select(part => part.Features.TangentTargets)),
            };
        }
    }

    public override int RowsOf(FeatureKind kind) => kinds.TryGetValue(kind, out var set) ? set.RowsOf(kind) : 0;

    public override IFeatureBlocks Blocks(FeatureKind kind, int row) =>
        kinds.TryGetValue(kind, out var set) ? set.Blocks(kind, row) : throw Lacks(kind);

    public override FeatureSet Take(IEnumerable<int> pictures)
    {
        var chosen = pictures.ToList();
        return new KindFeatures(kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Take(chosen)));
    }

    public override double[][] SquaredErrors(int replicate) => _first.SquaredErrors(replicate);

    public override double[][] GradientNorms(string function, int replicate) =>
        Of(function).GradientNorms(function, replicate);

    public override double[][]? TangentTargets(string function, int replicate) =>
        Of(function).TangentTargets(function, replicate);

    private FeatureSet Of(string function) => kinds.First(kind => kind.Key.Function == function).Value;

    private static Dictionary<string, double[][]> Merged(IEnumerable<IReadOnlyDictionary<string, double[][]>> parts) =>
        parts.SelectMany(part => part).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
}
