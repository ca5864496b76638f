using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Reads a folder of pictures with or without metadata, Parquet shards, tar files, or an IDX pair.</summary>
/// <remarks>A folder that holds IDX images is read as IDX, whatever else lies in it.</remarks>
public static class TrainingSetLoader
{
    /// <summary>Finds, checks and hashes every picture.</summary>
    /// <param name="path">The folder, a shard or tar file, or an IDX images file whose labels lie beside it.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <exception cref="AuditException">There is none, or its metadata or (if strict) a picture is broken.</exception>
    public static TrainingSet Load(
        string path,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var shown = options.ShownAs ?? path;
        try
        {
            var (full, pair) = Locate(path, shown, options);
            TrainingSet set;
            if (pair is not null && options.ListedOnly)
                throw NothingListed(shown);
            if (pair is not null)
                set = IdxTrainingSet.Load(shown, full, pair, options, progress, cancellation);
            else if (PackedSource.Open(full, shown, options, cancellation) is { } packed)
                set = options.ListedOnly
                    ? throw NothingListed(shown)
                    : PackedTrainingSet.Load(shown, full, packed, options, progress, cancellation);
            else
                set = FolderTrainingSet.Load(shown, full, options, progress, cancellation);
            var captionNotes = options.Captions.Needed ? set.Captions.Notes : [];
            progress.Notify([.. set.Notes, .. captionNotes, .. OnTransparency(set, shown, options)]);
            return set;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(shown, e);
        }
    }

    /// <summary>Refuses a path at which no training set can be, by a look at which files there are.</summary>
    /// <inheritdoc cref="Load"/>
    public static void CheckExists(string path, TrainingSetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shown = options.ShownAs ?? path;
        try
        {
            Locate(path, shown, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(shown, e);
        }
    }

    // The files of IDX, or null for another dataset.
    private static (string Path, IdxPair? Pair) Locate(string path, string shown, TrainingSetOptions options)
    {
        options.Captions.Check();
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (IdxPair.Find(full, shown, options) is { } pair)
            return (full, pair);
        if (PackedSource.IsPackedFile(full))
            return (full, null);
        if (File.Exists(full))
            throw new AuditException(
                $"'{shown}' is a file and no IDX images file, Parquet shard, tar or zip file; "
                    + "give the folder that holds the training pictures."
            );
        if (!Directory.Exists(full))
            throw new AuditException($"The dataset folder '{shown}' does not exist; check the path.");
        HubCache.Refuse(full, shown);
        return (full, null);
    }

    // Reports say it in their own words, of the audited picture too.
    private static IEnumerable<string> OnTransparency(TrainingSet set, string shown, TrainingSetOptions options)
    {
        var count = set.Items.Count(item => item.Composited);
        if (count == 0 || options.Background != PictureBackground.White)
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{count} of {set.Items.Count} pictures of '{shown}' {(count == 1 ? "has" : "have")} transparency and "
                + $"{options.Background.Deed(count != 1)}; {Settings.Name("background-color")} says what the model saw "
                + $"instead."
        );
    }

    private static AuditException NothingListed(string shown) =>
        new(
            $"{Settings.Name("listed-only")} is for folders of picture files with metadata beside them, and '{shown}' "
                + "is none; leave it out."
        );

    private static AuditException Unreadable(string shown, Exception cause) =>
        new($"The dataset '{shown}' cannot be read ({cause.Message}); check the folder and its permissions.", cause);
}
