using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>The pictures that a model was trained on, hashed, with their rights.</summary>
public sealed class TrainingSet : IPictureSet
{
    private readonly Func<TrainingItem, Picture> _read;
    private readonly Lazy<string> _root;

    /// <summary>A training set whose pictures are read on demand.</summary>
    /// <param name="path">The dataset folder or file.</param>
    /// <param name="items">In ordinal order of path, with indices 0 … n−1.</param>
    /// <param name="skipped">Files that looked like pictures and were left out.</param>
    /// <param name="read">Decodes one picture, or throws <see cref="Abstractions.AuditException"/>.</param>
    public TrainingSet(
        string path,
        IReadOnlyList<TrainingItem> items,
        IReadOnlyList<SkippedPicture> skipped,
        Func<TrainingItem, Picture> read
    )
    {
        Path = path;
        Items = items;
        Skipped = skipped;
        _read = read;
        _root = new(() => MerkleRoot.Compute(items));
    }

    /// <summary>The dataset folder or file, absolute.</summary>
    public string Path { get; }

    /// <summary>What kind of dataset it is, in a few words.</summary>
    public string Kind { get; init; } = "folder of pictures";

    /// <summary>The pictures.</summary>
    public IReadOnlyList<TrainingItem> Items { get; }

    /// <summary>Files that looked like pictures and were left out, with the reason.</summary>
    public IReadOnlyList<SkippedPicture> Skipped { get; }

    /// <summary>What was decided in reading it without being asked for, in sentences; reports repeat them.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How the captions were had.</summary>
    public DatasetCaptions Captions { get; init; } = DatasetCaptions.None;

    /// <summary>How the hashes were had; null where all files were read and no index is kept.</summary>
    public HashOrigin? Hashes { get; init; }

    /// <summary>What shows where its pictures are transparent.</summary>
    public PictureBackground Background { get; init; } = PictureBackground.White;

    /// <inheritdoc/>
    public ResizeMode Resize { get; init; }

    /// <summary>
    /// Opens a picture's file, or throws <see cref="Abstractions.AuditException"/>; null where pictures are no files.
    /// </summary>
    internal Func<TrainingItem, Stream>? OpenFile { get; init; }

    /// <summary>One hash that stands for all pictures; see <see cref="MerkleRoot"/>.</summary>
    public string Root => _root.Value;

    /// <inheritdoc/>
    public Picture Read(TrainingItem item) => _read(item);
}

/// <summary>A file that looked like a picture and was left out.</summary>
/// <param name="Path">Relative path.</param>
/// <param name="Reason">One sentence.</param>
public sealed record SkippedPicture(string Path, string Reason);
