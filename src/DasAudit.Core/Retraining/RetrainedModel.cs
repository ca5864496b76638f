using System.Security.Cryptography;
using DasAudit.Core.Attribution;
using DasAudit.Core.Training;

namespace DasAudit.Core.Retraining;

/// <summary>A model that was trained on a known part of a dataset.</summary>
/// <param name="Path">Its folder, as given.</param>
/// <param name="RecordSha256">Of the record's file.</param>
internal sealed record RetrainedModel(string Path, TrainingRecord Record, string RecordSha256)
{
    /// <summary>Finds models, each once: folders that are one, or folders within, in ordinal order of name.</summary>
    public static IReadOnlyList<RetrainedModel> Find(IReadOnlyList<string> folders, Func<string, string> resolve) =>
        [
            .. folders
                .SelectMany(folder => Within(folder, resolve))
                .DistinctBy(path => System.IO.Path.TrimEndingDirectorySeparator(resolve(path)))
                .Select(path => Read(path, resolve(path))),
        ];

    private static List<string> Within(string folder, Func<string, string> resolve)
    {
        var full = resolve(folder);
        if (!Directory.Exists(full))
            throw new AuditException($"There is no folder '{folder}' of retrained models; {RetrainedModels.Remedy}.");
        if (File.Exists(System.IO.Path.Combine(full, TrainingRecord.FileName)))
            return [folder];
        var models = Directory
            .EnumerateDirectories(full)
            .Where(path => File.Exists(System.IO.Path.Combine(path, TrainingRecord.FileName)))
            .Select(path => System.IO.Path.Combine(folder, System.IO.Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)
            .ToList();
        return models.Count > 0
            ? models
            : throw new AuditException(
                $"'{folder}' holds no retrained model, that is, no folder with a {TrainingRecord.FileName}; "
                    + $"{RetrainedModels.Remedy}."
            );
    }

    private static RetrainedModel Read(string path, string full) =>
        new(
            path,
            TrainingRecord.Read(full),
            Convert.ToHexStringLower(
                SHA256.HashData(File.ReadAllBytes(System.IO.Path.Combine(full, TrainingRecord.FileName)))
            )
        );
}
