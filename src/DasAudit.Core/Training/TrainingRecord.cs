using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Training;

/// <summary>What a model was trained on and how: <c>training.json</c>, which names pictures by hash.</summary>
internal sealed record TrainingRecord
{
    public const string FileName = "training.json";

    public const string SchemaId = "das-audit/training-set/1";

    public string Schema { get; init; } = SchemaId;

    public required TrainedDataset Dataset { get; init; }

    public required TrainingOptions Options { get; init; }

    /// <summary>Pixel hashes of the pictures of the part, each once, ascending; null for the whole dataset.</summary>
    public required IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>See <see cref="Trainer.BaseHash"/>; null where the whole model was trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BaseSha256 { get; init; }

    /// <summary>Reads the record in a model's folder.</summary>
    public static TrainingRecord Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (
                JsonSerializer.Deserialize<TrainingRecord>(File.ReadAllBytes(path), JsonDocuments.Options)
                    is { Schema: SchemaId, Dataset: not null, Options: not null } record
                && (record.Pictures is not null || record.Options.Part is null)
                && record.Pictures is null or { Count: > 0 }
            )
                return record;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Said below.
        }

        throw new AuditException(
            $"'{path}' does not say what its model was trained on; remove that model, or train it again."
        );
    }

    internal static TrainingRecord Of(
        TrainingSet set,
        bool takesCaptions,
        TrainingOptions options,
        IReadOnlyList<TrainingItem>? part
    ) =>
        new()
        {
            Dataset = TrainedDataset.Of(set, takesCaptions),
            Options = options,
            Pictures = part is null
                ? null
                : [.. part.Select(item => item.PixelSha256).Distinct().Order(StringComparer.Ordinal)],
        };

    internal void Write(string folder) =>
        AtomicFile.Write(
            Path.Combine(folder, FileName),
            JsonSerializer.SerializeToUtf8Bytes(this, JsonDocuments.Options)
        );
}

/// <summary>A dataset as it was when a model was trained.</summary>
/// <param name="Root">Merkle root over (relative path, SHA-256).</param>
internal sealed record TrainedDataset(string Root, int Count)
{
    /// <summary>What showed where pictures are transparent, as <c>black</c>; null for white or if none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Background { get; init; }

    /// <summary>How pictures of other sizes were made ones of the model's; null for crop.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resize { get; init; }

    /// <summary>See <see cref="CaptionHash"/>; null for a model that takes no captions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CaptionsSha256 { get; init; }

    public static TrainedDataset Of(TrainingSet set, bool takesCaptions) =>
        new(set.Root, set.Items.Count)
        {
            Background = BackgroundOf(set),
            Resize = ResizeOf(set),
            CaptionsSha256 = takesCaptions ? CaptionHash.Compute(set) : null,
        };

    /// <summary>The way of resizing as a record states it.</summary>
    public static string? ResizeOf(TrainingSet set) =>
        set.Resize == ResizeMode.Crop ? null : set.Resize.ToString().ToLowerInvariant();

    /// <summary>The background as a record states it.</summary>
    public static string? BackgroundOf(TrainingSet set) =>
        set.Background != PictureBackground.White && set.Items.Any(item => item.Composited)
            ? set.Background.ToString()
            : null;
}
