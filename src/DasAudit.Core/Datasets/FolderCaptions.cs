using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>The captions of the pictures of a folder: of metadata, of files beside pictures, of folders.</summary>
internal static class FolderCaptions
{
    /// <summary>Of a <see cref="CaptionSource.CaptionFile"/>.</summary>
    public const string CaptionEnding = ".caption";

    /// <summary>Of a <see cref="CaptionSource.TextFile"/>.</summary>
    public const string TextEnding = ".txt";

    /// <summary>Whether a file can be one that holds a picture's caption, by its name.</summary>
    public static bool CanHold(string name) =>
        name.EndsWith(CaptionEnding, StringComparison.Ordinal) || name.EndsWith(TextEnding, StringComparison.Ordinal);

    /// <summary>A path without its ending, which a picture and its caption file share.</summary>
    public static string StemOf(string path) =>
        path[..^Path.GetExtension(path.AsSpan(path.LastIndexOf('/') + 1)).Length];

    /// <summary>Gives each picture its caption.</summary>
    /// <param name="metadata">What else is said of each picture, with the caption that metadata state.</param>
    /// <param name="notes">What metadata say of captions.</param>
    public static (IReadOnlyList<PictureMetadata> Metadata, DatasetCaptions Captions) Of(
        PictureFolder folder,
        IReadOnlyList<string> paths,
        IReadOnlyList<PictureMetadata> metadata,
        IEnumerable<string> notes,
        TrainingSetOptions options
    )
    {
        var stated = Read(folder, paths, metadata);
        var choice = CaptionChoice.Of(options, filesFirst: false);
        List<PictureMetadata> chosen = [.. stated.Select((captions, i) => choice.Choose(captions, metadata[i]))];
        List<string> allNotes = [.. notes, .. choice.Notes];
        if (NamesFolders(chosen, choice, options))
            allNotes.AddRange(AddFolderNames(paths, chosen));
        return (chosen, new(choice.Unreadable, allNotes));
    }

    private static StatedCaptions[] Read(
        PictureFolder folder,
        IReadOnlyList<string> paths,
        IReadOnlyList<PictureMetadata> metadata
    )
    {
        var stated = new StatedCaptions[paths.Count];
        Parallel.For(
            0,
            stated.Length,
            i => stated[i] = new(paths[i], metadata[i].Caption, File(i, CaptionEnding), File(i, TextEnding))
        );
        return stated;

        CaptionFile? File(int i, string ending)
        {
            if (folder.CaptionFiles.Count == 0)
                return null;
            var path = StemOf(paths[i]) + ending;
            return folder.CaptionFiles.Contains(path) ? CaptionFile.ReadFirstLine(folder.Root, path) : null;
        }
    }

    // Where pictures have captions, trainers look at the names of folders for the others only.
    private static bool NamesFolders(
        IEnumerable<PictureMetadata> chosen,
        CaptionChoice choice,
        TrainingSetOptions options
    ) =>
        options.Captions.Missing == MissingCaptions.Folder
        || options.Captions.Source == CaptionSource.Folder
        || (
            options.Captions.Source is null
            && choice.Unreadable.Count == 0
            && chosen.All(picture => picture.Caption is null)
        );

    private static IEnumerable<string> AddFolderNames(IReadOnlyList<string> paths, List<PictureMetadata> chosen)
    {
        var described = new Dictionary<(PictureMetadata, string), PictureMetadata>();
        var examples = new PictureExamples();
        for (var i = 0; i < chosen.Count; i++)
        {
            if (chosen[i].Caption is not null || KohyaFolders.CaptionOf(paths[i]) is not { } caption)
                continue;
            var key = (chosen[i], caption);
            if (!described.TryGetValue(key, out var metadata))
            {
                metadata = chosen[i] with { Caption = caption, CaptionSource = CaptionSource.Folder };
                described.Add(key, metadata);
            }

            chosen[i] = metadata;
            examples.Add(paths[i]);
        }

        if (examples.Count > 0)
            yield return $"{examples.Have} no other caption than the name of the folder, as kohya's trainer reads it "
                + $"without the number before it, first '{examples.First}': "
                + $"'{KohyaFolders.CaptionOf(examples.First)}'; "
                + $"{Settings.Name("caption-source")} takes captions from elsewhere alone.";
    }
}
