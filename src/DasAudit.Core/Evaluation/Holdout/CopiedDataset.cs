using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>A dataset with a copier's near-duplicates added, as a folder of PNG files with metadata.</summary>
internal static class CopiedDataset
{
    private const string Metadata = "metadata.jsonl";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes it; a folder that is there is left.</summary>
    /// <param name="by">What the copier claims them under.</param>
    /// <param name="folder">Absolute; made whole or not at all.</param>
    public static void Write(TrainingSet set, Copier copier, GroupKey by, long seed, string folder)
    {
        if (Directory.Exists(folder))
            return;
        var beside = folder + ".unfinished";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        var source = new NoiseSource(seed);
        var rows = new List<Row>();
        foreach (var item in set.Items)
            Add(item.Path + ".png", set.Read(item), Stated(item));
        foreach (var item in copier.Pictures)
            Add(
                string.Create(CultureInfo.InvariantCulture, $"{Copier.Name}/{item.Index:000000}.png"),
                NearDuplicate.Of(set.Read(item), source, item.Index),
                Claimed(Stated(item), by)
            );
        File.WriteAllText(
            Path.Combine(beside, Metadata),
            string.Concat(rows.Select(row => JsonSerializer.Serialize(row, Json) + "\n"))
        );
        Directory.Move(beside, folder);

        void Add(string name, Picture picture, Row row)
        {
            PictureWriter.WritePng(picture, Path.Combine(beside, name));
            rows.Add(row with { FileName = name });
        }
    }

    private static Row Stated(TrainingItem item) =>
        new()
        {
            License = item.Rights.License,
            RightsHolder = item.Rights.RightsHolder,
            Author = item.Rights.Author,
            Source = item.Rights.Source,
            Title = item.Title,
            Caption = item.Caption,
            Label = item.Label,
        };

    // A folder is claimed by the path.
    private static Row Claimed(Row row, GroupKey by) =>
        by == GroupKey.RightsHolder ? row with { RightsHolder = Copier.Name }
        : by == GroupKey.License ? row with { License = Copier.Name }
        : by == GroupKey.Author ? row with { Author = Copier.Name }
        : row;

    private sealed record Row
    {
        public string FileName { get; init; } = "";

        public string? License { get; init; }

        public string? RightsHolder { get; init; }

        public string? Author { get; init; }

        public string? Source { get; init; }

        public string? Title { get; init; }

        public string? Caption { get; init; }

        public int? Label { get; init; }
    }
}
