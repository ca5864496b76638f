namespace DasAudit.Core.Datasets;

/// <summary>Pictures that lie packed in files, and are read where they lie.</summary>
internal interface IPackedPictures
{
    /// <summary>What is packed, in ordinal order of path.</summary>
    IReadOnlyList<PackedPicture> Pictures { get; }

    /// <summary>What looked like pictures and cannot be read as such.</summary>
    IReadOnlyList<SkippedPicture> Skipped { get; }

    /// <summary>What was decided in looking for them; see <see cref="TrainingSet.Notes"/>.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>What can state their captions.</summary>
    IReadOnlyList<CaptionSource> CaptionSources { get; }

    /// <summary>How their captions were had.</summary>
    DatasetCaptions Captions { get; }

    /// <summary>The bytes of a picture's file. Thread-safe.</summary>
    /// <exception cref="Abstractions.AuditException">They cannot be read, or are too many for the limit.</exception>
    byte[] Read(PackedPicture picture, long pixelLimit);
}
