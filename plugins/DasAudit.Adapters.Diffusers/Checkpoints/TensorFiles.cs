using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// The tensors of a checkpoint, in one file or in shards, by their names without the prefixes that wrappers add to all
/// of them.
/// </summary>
internal sealed class TensorFiles : IDisposable
{
    // What torch.compile and (distributed) data parallelism put before every name of a state dict.
    private static readonly string[] WrapperPrefixes = ["_orig_mod.", "module."];

    private readonly IReadOnlyList<SafetensorsFile> _files;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private TensorFiles(string path, IReadOnlyList<SafetensorsFile> files, IEnumerable<StoredTensor> tensors)
    {
        Path = path;
        _files = files;
        var stored = tensors.ToList();
        var prefix = Prefix([.. stored.Select(tensor => tensor.Name)]);
        _tensors = stored.ToDictionary(tensor => tensor.Name[prefix..], StringComparer.Ordinal);
    }

    /// <summary>The file, or the index of the shards.</summary>
    internal string Path { get; }

    /// <summary>Names of all tensors, without prefixes.</summary>
    internal IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Everything that was read: the file, or the index and the shards.</summary>
    internal static IReadOnlyList<string> Paths(WeightFile file) =>
        file.IsIndex ? [file.Path, .. ShardIndex.Read(file.Path).Shards] : [file.Path];

    /// <summary>Opens the weights and checks the headers.</summary>
    internal static TensorFiles Open(WeightFile file)
    {
        var index = file.IsIndex ? ShardIndex.Read(file.Path) : null;
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (var path in index?.Shards ?? [file.Path])
                files.Add(SafetensorsFile.Open(path));
            if (index is not null)
                CheckIndex(index, files);
            return new(
                file.Path,
                files,
                files.SelectMany(opened => opened.Names.Select(name => new StoredTensor(name, opened)))
            );
        }
        catch
        {
            files.ForEach(opened => opened.Dispose());
            throw;
        }
    }

    /// <summary>The tensor of a name without prefixes.</summary>
    internal StoredTensor Get(string name) => _tensors[name];

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static void CheckIndex(ShardIndex index, IReadOnlyList<SafetensorsFile> shards)
    {
        foreach (var (name, path) in index.Files)
        {
            if (!shards.Single(shard => shard.Path == path).TryGet(name, out _))
                throw new AuditException(
                    $"'{path}' does not hold the tensor '{name}', which '{index.Path}' says is in it; check that the "
                        + "shards and the index belong together."
                );
        }
        foreach (var shard in shards)
        foreach (var name in shard.Names)
        {
            if (!index.Files.TryGetValue(name, out var path) || path != shard.Path)
                throw new AuditException(
                    $"'{shard.Path}' holds the tensor '{name}', which '{index.Path}' does not say is in it; check "
                        + "that the shards and the index belong together."
                );
        }
    }

    private static int Prefix(IReadOnlyList<string> names)
    {
        var length = 0;
        while (names.Count > 0 && Array.Find(WrapperPrefixes, IsShared) is { } prefix)
            length += prefix.Length;
        return length;

        bool IsShared(string prefix) =>
            names.All(name => name.AsSpan(length).StartsWith(prefix, StringComparison.Ordinal));
    }
}
