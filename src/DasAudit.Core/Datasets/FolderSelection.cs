using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>The pictures of a folder that are read, with what is said of each.</summary>
/// <param name="Paths">Relative with forward slashes, in ordinal order.</param>
/// <param name="Metadata">One for each of them.</param>
/// <param name="Captions">How their captions were had.</param>
/// <param name="Notes">What was decided without being asked for.</param>
internal sealed record FolderSelection(
    IReadOnlyList<string> Paths,
    IReadOnlyList<PictureMetadata> Metadata,
    DatasetCaptions Captions,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Reads the metadata and selects as the options ask.</summary>
    /// <param name="shown">What messages call the folder.</param>
    /// <exception cref="AuditException">The metadata are wrong, or nothing is as the options ask.</exception>
    public static FolderSelection Of(string shown, PictureFolder folder, TrainingSetOptions options)
    {
        var table = MetadataTable.Read(shown, folder, options);
        var pictures = options.ListedOnly ? Listed(shown, folder, table) : folder.Pictures;
        var splits = FolderSplits.Of(pictures, table);
        var selection = SplitSelection.Of(shown, splits, options);
        var classes = table.IsThere || !options.NumbersClasses ? ClassFolders.None : ClassFolders.Of(folder.Pictures);
        var shared = new Dictionary<(string?, int?), PictureMetadata>();
        List<string> paths = [.. selection.Positions.Select(i => pictures[i])];
        List<PictureMetadata> described = [.. selection.Positions.Select(i => Describe(pictures[i], splits[i]))];
        var (metadata, captions) = FolderCaptions.Of(folder, paths, described, table.CaptionNotes, options);
        CaptionRequirement.CheckColumn(shown, described, options);
        return new(
            paths,
            metadata,
            captions,
            [
                .. folder.Notes,
                .. table.Notes,
                .. selection.Notes,
                .. OnUnlisted(folder.Pictures.Count - pictures.Count, paths, table),
                .. classes.Notes,
            ]
        );

        PictureMetadata Describe(string path, string? split)
        {
            if (table.Of(path) is { } stated)
                return stated.Split == split ? stated : stated with { Split = split };
            var label = classes.LabelOf(path);
            if (!shared.TryGetValue((split, label), out var described))
            {
                described =
                    split is null && label is null ? PictureMetadata.None : new() { Split = split, Label = label };
                shared.Add((split, label), described);
            }

            return described;
        }
    }

    private static List<string> Listed(string shown, PictureFolder folder, MetadataTable table)
    {
        List<string> listed = [.. folder.Pictures.Where(path => table.Of(path) is not null)];
        if (listed.Count == 0 && folder.Pictures.Count > 0)
            throw new AuditException(
                $"No picture of '{shown}' is listed in metadata; add metadata.jsonl, or leave out "
                    + $"{Settings.Name("listed-only")}."
            );
        return listed;
    }

    private static IEnumerable<string> OnUnlisted(int leftOut, List<string> paths, MetadataTable table)
    {
        if (leftOut > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{leftOut} {(leftOut == 1 ? "picture" : "pictures")} that the metadata do not list "
                    + $"{(leftOut == 1 ? "was" : "were")} left out, as asked."
            );
        if (!table.IsThere)
            yield break;
        var unlisted = paths.Count(path => table.Of(path) is null);
        if (unlisted > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{unlisted} of {paths.Count} pictures are not listed in the metadata, first "
                    + $"'{paths.First(path => table.Of(path) is null)}'; they count as training pictures whose rights "
                    + $"are not stated; {Settings.Name("listed-only")} leaves them out."
            );
    }
}
