namespace DasAudit.Core.Datasets;

/// <summary>One training picture.</summary>
public sealed record TrainingItem
{
    /// <summary>Position in the training set, from 0, in ordinal order of <see cref="Path"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Path within the dataset folder, with forward slashes; for IDX datasets <c>NAME#INDEX</c>.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file's bytes (of the picture's bytes for IDX), lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Hash of the pixels; see <see cref="Pictures.PixelHash"/>.</summary>
    public required string PixelSha256 { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>What the picture looks like from afar; see <see cref="Pictures.PerceptualHash"/>.</summary>
    public ulong PerceptualHash { get; init; }

    /// <summary>Whether it has transparency; see <see cref="TrainingSetOptions.Background"/>.</summary>
    public bool Composited { get; init; }

    /// <summary>What the dataset says of it; for IDX datasets the split and the label.</summary>
    public PictureMetadata Metadata { get; init; } = PictureMetadata.None;

    /// <summary>Rights as stated.</summary>
    public Rights Rights => Metadata.Rights;

    /// <summary>Title as stated.</summary>
    public string? Title => Metadata.Title;

    /// <summary>Caption as stated.</summary>
    public string? Caption => Metadata.Caption;

    /// <summary>Split as stated.</summary>
    public string? Split => Metadata.Split;

    /// <summary>Class index as stated.</summary>
    public int? Label => Metadata.Label;
}
