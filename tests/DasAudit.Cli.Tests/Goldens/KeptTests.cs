using System.Security.Cryptography;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>What the tool keeps in files: features, embeddings, trained models, generated pictures.</summary>
[Collection(nameof(GoldenTests))]
public sealed class KeptTests(GoldenRuns runs)
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("kept")]
    [InlineData("half")]
    public void Features(string folder) =>
        Expected.Equals($"kept/features-{folder}.txt", FolderListing.OfFeatures(runs.At(folder)));

    [Theory]
    [InlineData("kept")]
    [InlineData("half")]
    public void Digests_names_and_checksums_of_features_follow_from_settings_and_bytes(string folder)
    {
        var store = new FeatureFolder(runs.At(folder));
        Assert.Equal(store.ComputedDigest(), store.Digest);
        Assert.NotEmpty(store.Shards);
        Assert.All(store.Shards, pair => Assert.Equal(store.ComputedName(pair.Shard), pair.Name));
        foreach (var (_, shard) in store.Shards)
            Assert.Equal(FeatureFolder.ComputedChecksum(shard), shard.Metadata("checksum"));
    }

    [Fact]
    public void Features_beside_the_reports_lie_in_a_folder_named_by_their_digest()
    {
        var kept = new FeatureFolder(runs.At("kept"));
        Assert.True(File.Exists(runs.At($"stores/features/{kept.Digest[..16]}/{kept.Shards[0].Name}")));
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("conditional")]
    [InlineData("parts/1")]
    [InlineData("parts/4")]
    public void Trained_models(string folder) =>
        Expected.Equals($"kept/model-{folder.Replace('/', '-')}.txt", FolderListing.OfModel(runs.At(folder)));

    [Theory]
    [InlineData("made")]
    [InlineData("made-ddpm")]
    public void Generated_pictures(string folder)
    {
        var lines = Directory
            .GetFiles(runs.At(folder))
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetFileName(path)} {Sha256(path)}\n");
        Expected.Equals($"kept/pictures-{folder}.txt", string.Concat(lines));
    }

    [Fact]
    public void Embeddings_of_pictures()
    {
        const string name = "kept/embeddings.txt.gz";
        var actual = Embeddings.Text(Assert.Single(Directory.GetFiles(runs.At("embedded/embeddings"))));
        if (Expected.Renews)
            Expected.Equals(name, actual);
        else
            Assert.Null(Embeddings.Difference(Expected.Read(name)!, actual, Tolerance));
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
