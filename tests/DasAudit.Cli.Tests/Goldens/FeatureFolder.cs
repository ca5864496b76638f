using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>A feature store, read without the tool's own code, and what must follow from what in it.</summary>
internal sealed class FeatureFolder
{
    public const string SettingsName = "features.json";

    private readonly JsonNode _document;

    public FeatureFolder(string folder)
    {
        Settings = File.ReadAllText(Path.Combine(folder, SettingsName));
        _document = JsonNode.Parse(Settings)!;
        var shards = Directory.GetFiles(folder, "*.safetensors");
        Shards = [.. shards.Select(path => (Path.GetFileName(path), new TensorFile(path)))];
    }

    /// <summary>The whole of <c>features.json</c>.</summary>
    public string Settings { get; }

    public IReadOnlyList<(string Name, TensorFile Shard)> Shards { get; }

    public string Digest => (string)_document["digest"]!;

    public string AdapterVersion => (string)_document["settings"]!["adapterVersion"]!;

    /// <summary>SHA-256 of the settings as compact JSON with capital names, in the order of the file.</summary>
    public string ComputedDigest()
    {
        var settings = new JsonObject();
        foreach (var (name, value) in _document["settings"]!.AsObject())
            settings[char.ToUpperInvariant(name[0]) + name[1..]] = value?.DeepClone();
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(settings)));
    }

    /// <summary>The name that a shard must have.</summary>
    public string ComputedName(TensorFile shard)
    {
        var hash = SHA256.HashData([.. Convert.FromHexString(Digest), .. shard.Data("keys")]);
        return Convert.ToHexStringLower(hash.AsSpan(0, 8)) + ".safetensors";
    }

    /// <summary>The checksum that a shard must have.</summary>
    public static string ComputedChecksum(TensorFile shard)
    {
        var bytes = shard.All.ToArray();
        var digits = Encoding.ASCII.GetBytes(shard.Metadata("checksum"));
        bytes.AsSpan(bytes.AsSpan().IndexOf(digits), digits.Length).Fill((byte)'0');
        return Convert.ToHexStringLower(XxHash128.Hash(bytes));
    }
}
