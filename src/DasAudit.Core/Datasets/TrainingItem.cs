namespace DasAudit.Core.Datasets;

/// <summary>One training picture.</summary>
public sealed record TrainingItem
{
    /// <summary>Position in the training set, from 0, in ordinal order of <see cref="Path"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Path relative to the dataset folder, with forward slashes; for IDX datasets <c>NAME#INDEX</c>.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file's bytes (of the picture's bytes for IDX), lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of width, height (two little-endian int32) and the RGB bytes after compositing, lower-case hexadecimal.</summary>
    public required string PixelSha256 { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>What the picture looks like from afar; see <see cref="Pictures.PerceptualHash"/>.</summary>
    public ulong PerceptualHash { get; init; }

    /// <summary>Whether transparency was composited on white.</summary>
    public bool Composited { get; init; }

    /// <summary>Rights as stated.</summary>
    public Rights Rights { get; init; } = Rights.Unknown;

    /// <summary>Title as stated.</summary>
    public string? Title { get; init; }

    /// <summary>Caption as stated.</summary>
    public string? Caption { get; init; }

    /// <summary>Split as stated, such as <c>train</c>.</summary>
    public string? Split { get; init; }

    /// <summary>Class index; from IDX labels or a <c>label</c> column.</summary>
    public int? Label { get; init; }
}
