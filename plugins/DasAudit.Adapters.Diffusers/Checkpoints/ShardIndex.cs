using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>The index of weights that are split into several files: which file holds which tensor.</summary>
/// <param name="Path">Of the index.</param>
/// <param name="Files">Absolute path of each tensor's file, by the tensor's name.</param>
internal sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> Files)
{
    private const string Map = "weight_map";

    /// <summary>The shards, each once, in ordinal order.</summary>
    internal IReadOnlyList<string> Shards => [.. Files.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads an index. The shards must lie in its folder.</summary>
    internal static ShardIndex Read(string path)
    {
        var json = JsonConfig.Read(path);
        if (json.Find(Map) is not { ValueKind: JsonValueKind.Object } map)
            throw new AuditException(
                $"'{path}' lacks the object {Map} that says which file holds which tensor; get the index again."
            );
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
            files[entry.Name] = Shard(path, folder, entry);
        foreach (var shard in files.Values.Distinct().Where(shard => !File.Exists(shard)))
            throw new AuditException(
                $"'{path}' names the shard '{System.IO.Path.GetFileName(shard)}', which is not there; put it beside "
                    + "the index."
            );
        return new(path, files);
    }

    private static string Shard(string index, string folder, JsonProperty entry)
    {
        var name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
        // A name with a folder in it could lead anywhere.
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0'))
            throw new AuditException(
                $"'{index}' says that the tensor '{entry.Name}' is in '{entry.Value}', which is no file beside the "
                    + "index; correct the index."
            );
        return System.IO.Path.Combine(folder, name);
    }
}
