using System.Globalization;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// One of n parts of a dataset for machines that share the work. Pictures are dealt out in blocks as large as a shard,
/// whatever a store already holds, so that the parts' files are together those of one machine that does it all.
/// </summary>
/// <param name="Index">i, from 1.</param>
/// <param name="Count">n.</param>
public sealed record FeaturePart(int Index, int Count)
{
    /// <summary>Everything.</summary>
    public static FeaturePart Whole { get; } = new(1, 1);

    /// <summary>Reads <c>i/n</c>.</summary>
    /// <exception cref="AuditException">It is something else.</exception>
    public static FeaturePart Parse(string text) =>
        (text ?? "").Split('/') is [var index, var count]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && i >= 1
        && i <= n
            ? new(i, n)
            : throw new AuditException($"'{text}' is no part of a whole; write I/N with I from 1 to N, such as 1/4.");

    /// <summary>The part's pictures: every n-th block, of a shard's length, of the different ones.</summary>
    public IReadOnlyList<KeyedPicture> Of(IEnumerable<KeyedPicture> pictures) =>
        [
            .. pictures
                .DistinctBy(picture => picture.Key)
                .Where((_, position) => position / FeatureBuilder.ShardPictures % Count == Index - 1),
        ];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
