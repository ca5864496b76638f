using System.Security.Cryptography;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>Folders of tensors as text: every file with the hash of its bytes, tensors one by one.</summary>
internal static class FolderListing
{
    /// <summary>Of a model and what training kept beside it.</summary>
    public static string OfModel(string folder)
    {
        var lines = new List<string>();
        foreach (var file in Files(folder))
        {
            lines.Add($"{file} {Sha256(Path.Combine(folder, file))}");
            if (IsTensors(file))
                lines.AddRange(new TensorFile(Path.Combine(folder, file)).Lines());
            else if (file.EndsWith(".json", StringComparison.Ordinal))
                lines.AddRange(File.ReadAllLines(Path.Combine(folder, file)));
        }
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Of a feature store: all but the adapter's build, and digests and names that follow from it.</summary>
    public static string OfFeatures(string folder)
    {
        var store = new FeatureFolder(folder);
        var settings = store.Settings.Replace(store.AdapterVersion, "(version)", StringComparison.Ordinal);
        var lines = new List<string> { settings.Replace(store.Digest, "(digest)", StringComparison.Ordinal) };
        var ofKinds = Directory.GetDirectories(folder).Where(IsFeatureFolder).ToList();
        lines.AddRange(
            Files(folder)
                .Where(file => file != FeatureFolder.SettingsName && !IsTensors(file))
                .Where(file => !ofKinds.Contains(Path.Combine(folder, Path.GetDirectoryName(file)!)))
        );
        foreach (var (_, shard) in store.Shards.OrderBy(pair => pair.Shard.Metadata("items"), StringComparer.Ordinal))
        {
            lines.Add($"(shard) {shard.All.Length}");
            lines.AddRange(shard.Lines((store.Digest, "(digest)"), (shard.Metadata("checksum"), "(checksum)")));
        }
        // Their names are digests, which follow from the adapter's version.
        lines.AddRange(ofKinds.Select(OfFeatures).Order(StringComparer.Ordinal).Select(kind => $"(folder)\n{kind}"));
        return string.Join('\n', lines) + "\n";
    }

    private static bool IsFeatureFolder(string folder) => File.Exists(Path.Combine(folder, FeatureFolder.SettingsName));

    private static bool IsTensors(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .Order(StringComparer.Ordinal);

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
