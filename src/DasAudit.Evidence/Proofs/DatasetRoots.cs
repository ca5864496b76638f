using DasAudit.Core.Datasets;

namespace DasAudit.Evidence.Proofs;

/// <summary>Trees over the sorted hashes of a dataset's pictures, by which it can be proven not to hold one.</summary>
/// <param name="Root">The dataset's own root, as reports name it.</param>
/// <param name="Files">Over the hashes of files.</param>
/// <param name="Pixels">Over the hashes of pixels.</param>
internal sealed record DatasetRoots(string Root, TreeRoot Files, TreeRoot Pixels)
{
    /// <summary>Schema of the document.</summary>
    internal const string SchemaId = "das-audit/dataset-roots/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    internal static DatasetRoots Of(TrainingSet set)
    {
        var (files, pixels) = (PictureHashes.OfFiles(set), PictureHashes.OfPixels(set));
        return new(set.Root, new(files.Count, files.Root), new(pixels.Count, pixels.Root));
    }
}
