using System.Diagnostics.CodeAnalysis;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>One training picture.</summary>
public sealed record TrainingItem
{
    private readonly Digest _sha256;
    private readonly Digest _pixelSha256;

    /// <summary>A picture that is described member by member.</summary>
    public TrainingItem() { }

    [SetsRequiredMembers]
#pragma warning disable CS8618 // The compiler does not see that the texts come of the digests.
    internal TrainingItem(int index, string path, PictureFacts facts, PictureMetadata metadata)
    {
        Index = index;
        Path = path;
        _sha256 = facts.Sha256;
        _pixelSha256 = facts.PixelSha256;
        Width = facts.Width;
        Height = facts.Height;
        PerceptualHash = facts.PerceptualHash;
        Composited = facts.Composited;
        MayState = facts.MayState;
        Metadata = metadata;
    }
#pragma warning restore CS8618

    /// <summary>Position in the training set, from 0, in ordinal order of <see cref="Path"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Path within the dataset folder, with forward slashes; for IDX datasets <c>NAME#INDEX</c>.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file's bytes (of the picture's bytes for IDX), lower-case hexadecimal.</summary>
    public required string Sha256
    {
        get => _sha256.ToString();
        init => _sha256 = Digest.Parse(value);
    }

    /// <summary>Hash of the pixels; see <see cref="Pictures.PixelHash"/>.</summary>
    public required string PixelSha256
    {
        get => _pixelSha256.ToString();
        init => _pixelSha256 = Digest.Parse(value);
    }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>What the picture looks like from afar; see <see cref="Pictures.PerceptualHash"/>.</summary>
    public ulong PerceptualHash { get; init; }

    /// <summary>Whether it has transparency; see <see cref="TrainingSetOptions.Background"/>.</summary>
    public bool Composited { get; init; }

    /// <summary>Whether its file may speak of rights; null where nobody looked.</summary>
    internal bool? MayState { get; init; }

    /// <summary>What the dataset says of it; for IDX datasets the split and the label.</summary>
    public PictureMetadata Metadata { get; init; } = PictureMetadata.None;

    /// <summary><see cref="Sha256"/> as bytes.</summary>
    internal Digest FileDigest => _sha256;

    /// <summary><see cref="PixelSha256"/> as bytes.</summary>
    internal Digest PixelDigest => _pixelSha256;

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
