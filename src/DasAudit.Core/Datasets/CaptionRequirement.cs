using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>What a model that takes captions requires of a dataset.</summary>
internal static class CaptionRequirement
{
    /// <summary>Refuses a dataset whose captions are needed and not all there, before its pictures are read.</summary>
    /// <param name="shown">What messages call the dataset.</param>
    /// <param name="metadata">Of each picture.</param>
    /// <returns>The captions with what is to be said of missing ones.</returns>
    /// <exception cref="AuditException">A caption file cannot be read, or only some pictures have one.</exception>
    public static DatasetCaptions Check(
        string shown,
        IReadOnlyList<string> paths,
        IReadOnlyList<PictureMetadata> metadata,
        DatasetCaptions captions,
        CaptionOptions options
    )
    {
        captions = captions with { Missing = options.Missing };
        return options.Needed
            ? captions with
            {
                Notes = [.. captions.Notes, .. NotesOn(shown, paths, metadata, captions)],
            }
            : captions;
    }

    /// <summary>Refuses a set whose captions are not all there, for a model that turns out to take captions.</summary>
    /// <returns>What is to be said of its captions.</returns>
    /// <inheritdoc cref="Check(string, IReadOnlyList{string}, IReadOnlyList{PictureMetadata}, DatasetCaptions,
    /// CaptionOptions)"/>
    public static IReadOnlyList<string> Check(TrainingSet set)
    {
        List<string> paths = [.. set.Items.Select(item => item.Path)];
        List<PictureMetadata> metadata = [.. set.Items.Select(item => item.Metadata)];
        return [.. set.Captions.Notes, .. NotesOn(set.Path, paths, metadata, set.Captions)];
    }

    /// <summary>Refuses a column of captions that no picture's metadata state.</summary>
    /// <param name="metadata">Of each picture, with the captions of metadata wherever they state one.</param>
    public static void CheckColumn(string shown, IEnumerable<PictureMetadata> metadata, TrainingSetOptions options)
    {
        if (options is { Captions.Column: { } column, NumbersClasses: true } && metadata.All(IsSilent))
            throw new AuditException(
                $"No picture of '{shown}' has the column '{column}' in its metadata; give "
                    + $"{Settings.Name("caption-column")} the name of a column that they have."
            );
    }

    /// <summary>Refuses that captions are taken from where pictures packed in such files cannot have them.</summary>
    /// <param name="sources">Where they can have them; none if nowhere.</param>
    public static void CheckSources(string shown, IReadOnlyList<CaptionSource> sources, TrainingSetOptions options)
    {
        if (!options.NumbersClasses)
            return;
        var (source, missing) = (options.Captions.Source, options.Captions.Missing);
        if (source is { } only && !sources.Contains(only))
            throw NoSource(shown, sources, only, "caption-source");
        if (missing == MissingCaptions.Folder && !sources.Contains(CaptionSource.Folder))
            throw NoSource(shown, sources, CaptionSource.Folder, "missing-captions");
    }

    /// <summary>Refuses that the training pictures have captions and the decoys none, or the other way round.</summary>
    /// <param name="source">What sentences call the place of the decoys.</param>
    public static void CheckDecoys(TrainingSet members, TrainingSet decoys, string source, TrainingSetOptions options)
    {
        var haveCaptions = HasCaptions(members);
        if (haveCaptions == HasCaptions(decoys) || options.Captions.Missing == MissingCaptions.Empty)
            return;
        var (there, missing) = haveCaptions ? ("training pictures", "decoys") : ("decoys", "training pictures");
        throw new AuditException(
            $"The {there} have captions and the {missing} have none (decoys: {source}), so that the scores of the ones "
                + $"could not be held against those of the others; give all of them captions, or "
                + $"{Settings.Name("missing-captions")} empty."
        );
    }

    private static AuditException NoSource(
        string shown,
        IReadOnlyList<CaptionSource> sources,
        CaptionSource asked,
        string setting
    )
    {
        var places =
            sources.Count == 0 ? "nowhere" : $"in {string.Join(" or ", sources.Select(place => place.Name()))}";
        return new(
            $"The pictures of '{shown}' lie packed in files and can have captions {places}, not in {asked.Name()}; "
                + $"give {Settings.Name(setting)} another value, or leave it out."
        );
    }

    private static bool HasCaptions(TrainingSet set) => set.Items.Any(item => item.Caption is not null);

    private static bool IsSilent(PictureMetadata metadata) => metadata.CaptionSource != CaptionSource.Metadata;

    private static IEnumerable<string> NotesOn(
        string shown,
        IReadOnlyList<string> paths,
        IReadOnlyList<PictureMetadata> metadata,
        DatasetCaptions captions
    )
    {
        if (captions.Unreadable.Count > 0)
            throw new AuditException(captions.Unreadable[0].Reason);
        var missing = new PictureExamples();
        foreach (var (path, stated) in paths.Zip(metadata))
            if (stated.Caption is null)
                missing.Add(path);
        return missing.Count == 0 ? [] : [NoteOn(missing, paths.Count, shown, captions.Missing)];
    }

    private static string NoteOn(PictureExamples missing, int count, string shown, MissingCaptions rule)
    {
        if (missing.Count == count)
            return $"No picture of '{shown}' has a caption, so all were looked at under the empty prompt.";
        var missed = string.Create(CultureInfo.InvariantCulture, $"{missing.Count} of {count} pictures of '{shown}'");
        if (rule == MissingCaptions.Empty)
            return $"{missed} have no caption, first '{missing.First}'; they count as pictures with the empty caption, "
                + "as asked.";
        throw new AuditException(
            $"{missed} have no caption, first '{missing.First}', and the model takes captions; give them the captions "
                + $"that they were trained with, or {Settings.Name("missing-captions")} empty if they had none."
        );
    }
}
