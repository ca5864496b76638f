using DasAudit.Core.Files;

namespace DasAudit.Core.Features.Store;

/// <summary>The stores of several kinds of the same passes, one each.</summary>
internal sealed class KindStores
{
    private readonly Dictionary<FeatureKind, FeatureStore> _stores;

    private KindStores(Dictionary<FeatureKind, FeatureStore> stores) => _stores = stores;

    public IReadOnlyCollection<FeatureStore> All => _stores.Values;

    /// <summary>The most pictures that may have all kinds.</summary>
    public int Count => _stores.Values.Min(store => store.Count);

    /// <summary>Whether features have less than float32's precision.</summary>
    public bool HalfPrecision => _stores.Values.Any(store => store.Format == FeatureFormat.F16);

    /// <summary>Opens them all, so that one that cannot be used is refused before anything is computed.</summary>
    /// <param name="settings">Those of all kinds.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    public static KindStores Open(FeatureFolders folders, FeatureSettings settings, Func<string, string> resolve) =>
        new(
            settings.Kinds.ToDictionary(
                kind => FeatureKind.Parse(kind),
                kind => folders.Open(settings with { Kinds = [kind] }, resolve)
            )
        );

    /// <summary>Pictures that lack kinds, together where they lack the same ones.</summary>
    /// <param name="pictures">The pictures; one that occurs again counts once.</param>
    public IEnumerable<(FeatureKind[] Kinds, KeyedPicture[] Pictures)> Lacking(IEnumerable<KeyedPicture> pictures) =>
        pictures
            .DistinctBy(picture => picture.Key)
            .Select(picture => (Picture: picture, Kinds: Lacking(picture)))
            .Where(lacking => lacking.Kinds.Length > 0)
            .GroupBy(lacking => string.Join(' ', lacking.Kinds))
            .Select(group => (group.First().Kinds, group.Select(lacking => lacking.Picture).ToArray()))
            .ToList();

    public FeatureStore[] Of(IEnumerable<FeatureKind> kinds) => [.. kinds.Select(kind => _stores[kind])];

    /// <summary>Checks what is kept of some pictures.</summary>
    public void Verify(
        IReadOnlyList<KeyedPicture> pictures,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        foreach (var store in All)
            store.Verify([.. pictures.Select(picture => picture.Key).Where(store.Contains)], progress, cancellation);
    }

    /// <summary>The features of pictures, all of which are kept.</summary>
    public FeatureSet Features(IReadOnlyList<FeatureKey> keys) =>
        new KindFeatures(
            _stores.ToDictionary(kind => kind.Key, kind => (FeatureSet)new KeptFeatures(kind.Value, keys))
        );

    private FeatureKind[] Lacking(KeyedPicture picture) =>
        [.. _stores.Where(kind => !kind.Value.Contains(picture.Key)).Select(kind => kind.Key)];
}
