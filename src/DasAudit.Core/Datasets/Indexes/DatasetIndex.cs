namespace DasAudit.Core.Datasets.Indexes;

/// <summary>What is kept of the pictures of a dataset, so that unchanged files need not be read again.</summary>
/// <param name="entries">In any order, each path once.</param>
internal sealed class DatasetIndex(DatasetIndexKey key, IEnumerable<IndexEntry> entries)
{
    private readonly Dictionary<string, IndexEntry> _entries = entries.ToDictionary(
        entry => entry.Path,
        StringComparer.Ordinal
    );

    public DatasetIndexKey Key { get; } = key;

    public IReadOnlyCollection<IndexEntry> Entries => _entries.Values;

    /// <summary>What is said of a path; null for nothing.</summary>
    public IndexEntry? Find(string path) => _entries.GetValueOrDefault(path);
}
