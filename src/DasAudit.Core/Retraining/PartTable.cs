using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration.Attributes;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;

namespace DasAudit.Core.Retraining;

/// <summary>Which training pictures each model saw, as CSV: <c>model</c>, <c>picture</c>.</summary>
internal static class PartTable
{
    /// <summary>Writes it; a file there is replaced.</summary>
    internal static void Write(string path, IReadOnlyList<RetrainingJob> jobs) =>
        AtomicFile.Write(
            path,
            (TextWriter file) =>
            {
                using var csv = new CsvWriter(file, CultureInfo.InvariantCulture, leaveOpen: true);
                csv.WriteRecords(
                    jobs.SelectMany(job => job.Pictures.Select(picture => new Row(job.Name, picture.Path)))
                );
            }
        );

    /// <summary>Reads it: the pictures of each model, in set order.</summary>
    /// <param name="set">Where a picture is found by its path within the dataset or by its pixels' SHA-256.</param>
    /// <exception cref="AuditException">It cannot be read, or names a picture that the set does not hold.</exception>
    internal static Dictionary<string, IReadOnlyList<TrainingItem>> Read(string path, TrainingSet set)
    {
        var columns = TableColumns.Read(path);
        var (models, pictures) = (columns.Texts("model"), columns.Texts("picture"));
        var byPath = set.Items.ToDictionary(item => item.Path, StringComparer.Ordinal);
        var byPixels = set.Items.ToLookup(item => item.PixelSha256, StringComparer.OrdinalIgnoreCase);
        return models
            .Zip(pictures, (model, picture) => (Model: model, Picture: picture))
            .GroupBy(row => row.Model, StringComparer.Ordinal)
            .ToDictionary(
                rows => rows.Key,
                IReadOnlyList<TrainingItem> (rows) =>
                    [.. rows.SelectMany(row => Items(row.Picture)).Distinct().OrderBy(item => item.Index)],
                StringComparer.Ordinal
            );

        IEnumerable<TrainingItem> Items(string picture)
        {
            if (byPath.TryGetValue(picture, out var item))
                return [item];
            return byPixels.Contains(picture)
                ? byPixels[picture]
                : throw new AuditException(
                    $"'{path}' names the picture '{picture}', which the dataset does not hold; give its path within "
                        + "the dataset, or the SHA-256 of its pixels."
                );
        }
    }

    private sealed record Row([property: Name("model")] string Model, [property: Name("picture")] string Picture);
}
