using System.Globalization;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets;

/// <summary>Hashes the pictures of a folder: unchanged ones from the index, if one is kept, the others anew.</summary>
/// <remarks>An entry is believed as long as its file's path, size, times, inode and device are the same.</remarks>
internal sealed class IndexedHashing
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _all;
    private readonly TrainingSetOptions _options;
    private readonly DatasetIndexKey _key;
    private readonly DatasetIndex? _index;
    private readonly bool _damaged;

    /// <summary>Reads the index.</summary>
    /// <param name="folder">The dataset's folder, absolute.</param>
    /// <param name="all">The paths of all its pictures, also of those that nobody asks for.</param>
    public IndexedHashing(string folder, IReadOnlyList<string> all, TrainingSetOptions options)
    {
        _folder = folder;
        _all = all;
        _options = options;
        _key = new(RealPath.Of(folder) ?? folder, options.PixelOptions);
        _index = options.Indexes?.Load(_key, out _damaged);
    }

    /// <summary>What the index says of each path; null for a file that it does not know as it is.</summary>
    public IndexEntry?[] FindUnchanged(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var entries = new IndexEntry?[paths.Count];
        if (_index is null || _options.Rehash)
            return entries;
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(
            0,
            paths.Count,
            parallel,
            i =>
            {
                if (_index.Find(paths[i]) is { } entry && FileStamp.Of(FileAt(paths[i])) == entry.Stamp)
                    entries[i] = entry;
            }
        );
        return entries;
    }

    /// <summary>Hashes the pictures at some paths and keeps what was read, also when it is cancelled.</summary>
    /// <param name="shown">What sentences call the folder.</param>
    /// <param name="read">Reads one, or throws <see cref="AuditException"/> for one to leave out.</param>
    public HashedFiles Run(
        string shown,
        IReadOnlyList<string> paths,
        Func<string, PictureFacts> read,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var entries = FindUnchanged(paths, cancellation);
        var outcomes = Array.ConvertAll(entries, entry => entry?.Outcome);
        var indexed = entries.Min(entry => entry?.ReadAt);
        int[] changed = [.. Enumerable.Range(0, paths.Count).Where(i => outcomes[i] is null)];
        var saved = (Kept: 0, Problem: (string?)null);
        try
        {
            if (changed.Length > 0 || paths.Count == 0)
                PictureHashing.Run(changed.Length, ReadFile, progress, cancellation);
        }
        finally
        {
            saved = Save(paths, entries);
        }

        HashOrigin? origin = null;
        if (_options.Indexes is { } indexes)
            origin = new(
                paths.Count - changed.Length,
                changed.Length,
                indexed,
                saved.Kept,
                indexes.PathOf(_key),
                saved.Problem
            );
        return new(outcomes!, origin, [.. Notes(shown, origin)]);

        void ReadFile(int position)
        {
            var i = changed[position];
            var stamp = FileStamp.Of(FileAt(paths[i]));
            var now = _options.Indexes?.Now;
            outcomes[i] = Read(paths[i], read, out var lasts);
            if (lasts && stamp is { } known && now is { } readAt && known.IsSettledAt(readAt))
                entries[i] =
                    FileStamp.Of(FileAt(paths[i])) == known ? new(paths[i], known, readAt, outcomes[i]!) : null;
        }
    }

    // What a disk or a permission prevents may pass without a trace in the file.
    private static PictureOutcome Read(string path, Func<string, PictureFacts> read, out bool lasts)
    {
        try
        {
            lasts = true;
            return PictureOutcome.Read(read(path));
        }
        catch (AuditException e)
        {
            lasts = e.InnerException is not (IOException or UnauthorizedAccessException);
            return PictureOutcome.Skipped(e.Message);
        }
    }

    private (int Kept, string? Problem) Save(IReadOnlyList<string> paths, IndexEntry?[] entries)
    {
        if (_options.Indexes is not { } indexes)
            return (0, null);
        var others = _all.Count == paths.Count ? [] : _all.Except(paths, StringComparer.Ordinal);
        List<IndexEntry> known = [.. entries.Concat(others.Select(path => _index?.Find(path))).OfType<IndexEntry>()];
        var isSame =
            known.Count == (_index?.Entries.Count ?? 0)
            && known.All(entry => ReferenceEquals(entry, _index?.Find(entry.Path)));
        return (known.Count, isSame ? null : indexes.Save(new(_key, known)));
    }

    private IEnumerable<string> Notes(string shown, HashOrigin? origin)
    {
        if (_damaged && !_options.Rehash)
            yield return $"The index of '{shown}' is damaged and was not used; all files were read again.";
        if (origin is { Indexed: { } indexed })
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Of {Files(origin.FromIndex + origin.FromFiles)} of '{shown}', {origin.FromIndex} "
                    + $"{(origin.FromIndex == 1 ? "was" : "were")} not read again: an index of "
                    + $"{indexed:yyyy-MM-dd} knows their hashes, and their sizes, times and inodes "
                    + $"are the same. Every picture whose pixels were used was read and checked against its hash; "
                    + $"{Settings.Name("rehash")} reads all files."
            );
    }

    private static string Files(int count) =>
        count == 1 ? "1 file" : string.Create(CultureInfo.InvariantCulture, $"{count} files");

    private string FileAt(string path) => Path.Combine(_folder, path);
}
