using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Features.Store;

/// <summary>Settings and made-up features that go with them.</summary>
internal static class Samples
{
    public const int Dimension = 12;

    public static FeatureSettings Settings { get; } =
        new()
        {
            ModelSha256 = new string('a', 64),
            Adapter = "tiny",
            AdapterVersion = "1.0",
            Parameters = null,
            AttributedParameters = 515,
            Kinds = ["loss/unit/averaged", "mean/raw/apart", "picture-probe:0/raw/averaged"],
            MetricSha256 = null,
            Timesteps = [100, 300, 500],
            Replicates = 2,
            Seed = 7,
            Projection = "sjlt:12",
            Precision = "f32",
            Computation = 1,
        };

    public static FeatureKey Key(int picture) => FeatureKey.Of($"picture {picture}", null);

    public static StoredPicture Picture(int picture) =>
        new(Key(picture), $"dir/\"picture\" {picture} é.png", Features(picture));

    public static IReadOnlyList<StoredPicture> Pictures(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(Picture)];

    public static PictureFeatures Features(int picture)
    {
        var random = new Random(picture);
        float[][] Rows(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(row =>
                        Enumerable
                            .Range(0, Dimension)
                            .Select(_ => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, row))
                            .ToArray()
                    ),
            ];
        double[][] Grid() =>
            [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble()).ToArray())];
        return new()
        {
            Rows = Settings.Kinds.Select(FeatureKind.Parse).ToDictionary(kind => kind, kind => Rows(kind.Rows(2, 3))),
            SquaredErrors = Grid(),
            GradientNorms = new Dictionary<string, double[][]>
            {
                ["mean"] = Grid(),
                ["loss"] = Grid(),
                ["picture-probe:0"] = Grid(),
            },
            TangentTargets = new Dictionary<string, double[][]> { ["picture-probe:0"] = Grid() },
        };
    }

    public static void Equal(PictureFeatures expected, PictureFeatures actual)
    {
        Assert.Equal(
            expected.Rows.Keys.Order(
                Comparer<FeatureKind>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))
            ),
            actual.Rows.Keys
        );
        foreach (var (kind, rows) in expected.Rows)
            Assert.Equal(rows, actual.Rows[kind]);
        Assert.Equal(expected.SquaredErrors, actual.SquaredErrors);
        Assert.Equal(
            expected.GradientNorms.Keys.Order(StringComparer.Ordinal),
            actual.GradientNorms.Keys.Order(StringComparer.Ordinal)
        );
        foreach (var (function, norms) in expected.GradientNorms)
            Assert.Equal(norms, actual.GradientNorms[function]);
        Assert.Equal(expected.TangentTargets.Keys, actual.TangentTargets.Keys);
        foreach (var (function, targets) in expected.TangentTargets)
            Assert.Equal(targets, actual.TangentTargets[function]);
    }

    /// <summary>A store in a folder with so many pictures in shards of five.</summary>
    public static FeatureStore Fill(string folder, int pictures, FeatureFormat? format = null)
    {
        var store = FeatureStore.Open(folder, Settings, format, "store");
        store.Prepare(new string('d', 64));
        for (var i = 0; i < pictures; i += 5)
            store.Add(Pictures(i, Math.Min(5, pictures - i)));
        return store;
    }

    public static IReadOnlyList<string> Shards(string folder) =>
        [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)];
}
