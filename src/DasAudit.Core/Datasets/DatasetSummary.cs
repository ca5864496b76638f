using System.Globalization;

namespace DasAudit.Core.Datasets;

/// <summary>What a dataset consists of.</summary>
/// <param name="Kind">See <see cref="TrainingSet.Kind"/>.</param>
/// <param name="Pictures">Number of pictures.</param>
/// <param name="Skipped">Number of files that were left out.</param>
/// <param name="Root">Merkle root over (relative path, SHA-256).</param>
/// <param name="Sizes">Columns × rows.</param>
/// <param name="Endings">Endings of the files' names, in lower case.</param>
/// <param name="Labels">Class indices.</param>
/// <param name="Captions">What states captions; null for no caption.</param>
/// <param name="Notes">See <see cref="TrainingSet.Notes"/>; those on captions too.</param>
public sealed record DatasetSummary(
    string Kind,
    int Pictures,
    int Skipped,
    string Root,
    IReadOnlyList<ValueCount> Sizes,
    IReadOnlyList<ValueCount> Endings,
    IReadOnlyList<ValueCount> Splits,
    IReadOnlyList<ValueCount> RightsHolders,
    IReadOnlyList<ValueCount> Licenses,
    IReadOnlyList<ValueCount> Labels,
    IReadOnlyList<ValueCount> Captions,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Counts what the pictures of a dataset state.</summary>
    public static DatasetSummary Of(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var items = set.Items;
        return new(
            set.Kind,
            items.Count,
            set.Skipped.Count,
            set.Root,
            ValueCount.Of(
                items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Width}×{item.Height}"))
            ),
            ValueCount.Of(items.Select(item => Ending(item.Path))),
            ValueCount.Of(items.Select(item => item.Split)),
            ValueCount.Of(items.Select(item => item.Rights.RightsHolder)),
            ValueCount.Of(items.Select(item => item.Rights.License)),
            ValueCount.Of(items.Select(item => item.Label?.ToString(CultureInfo.InvariantCulture))),
            ValueCount.Of(items.Select(item => item.Metadata.CaptionSource?.Name())),
            [.. set.Notes, .. set.Captions.Notes]
        );
    }

    private static string? Ending(string path)
    {
        var ending = Path.GetExtension(path).ToLowerInvariant();
        return ending.Length > 0 && !ending.Contains('#', StringComparison.Ordinal) ? ending : null;
    }
}
