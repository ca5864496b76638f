using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>What a dataset's metadata say of one picture; null where they say nothing.</summary>
public sealed record PictureMetadata
{
    /// <summary>No statement at all.</summary>
    public static PictureMetadata None { get; } = new();

    /// <summary>Who holds the rights.</summary>
    public Rights Rights { get; init; } = Rights.Unknown;

    /// <summary>Title.</summary>
    public string? Title { get; init; }

    /// <summary>Caption; may be empty.</summary>
    public string? Caption { get; init; }

    /// <summary>What states <see cref="Caption"/>; null for none.</summary>
    public CaptionSource? CaptionSource { get; init; }

    /// <summary>Split, such as <c>train</c>, by the metadata or by names of folders and files.</summary>
    public string? Split { get; init; }

    /// <summary>Class index from 0, by the metadata or by class folders.</summary>
    public int? Label { get; init; }

    /// <summary>Whether metadata name the picture, even if they say nothing of it.</summary>
    internal bool IsListed { get; init; }

    /// <summary>The first line or row of metadata that names it; null for none.</summary>
    internal MetadataPlace? Place { get; init; }
}
