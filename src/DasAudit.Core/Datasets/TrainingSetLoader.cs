using DasAudit.Abstractions;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>
/// Reads a training set: a folder of pictures with optional <c>metadata.jsonl</c> or <c>metadata.csv</c>, or an IDX
/// pair. A folder that holds IDX images is read as IDX, whatever else lies in it.
/// </summary>
public static class TrainingSetLoader
{
    /// <summary>Finds, checks and hashes every picture.</summary>
    /// <param name="path">The folder, or an IDX images file whose labels lie beside it.</param>
    /// <param name="options">How to read it.</param>
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
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (IdxPair.Find(full, shown, options) is { } pair)
                return IdxTrainingSet.Load(shown, full, pair, options, progress, cancellation);
            if (File.Exists(full))
                throw new AuditException(
                    $"'{shown}' is a file and no IDX images file; give the folder that holds the training pictures."
                );
            if (!Directory.Exists(full))
                throw new AuditException($"The dataset folder '{shown}' does not exist; check the path.");
            return FolderTrainingSet.Load(shown, full, options, progress, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The dataset '{shown}' cannot be read ({e.Message}); check the folder and its permissions.",
                e
            );
        }
    }
}
