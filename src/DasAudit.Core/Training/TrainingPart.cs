using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;

namespace DasAudit.Core.Training;

/// <summary>A random part of a training set. Copies of a picture are in it together or not at all.</summary>
internal static class TrainingPart
{
    /// <summary>Draws round(fraction·n) of n different pictures, at least one and not all, in set order.</summary>
    /// <param name="seed">Which part; nothing else depends on it.</param>
    public static IReadOnlyList<TrainingItem> Draw(TrainingSet set, double fraction, long seed) =>
        Draw(set, set.Items, fraction, seed);

    /// <summary>Draws a part of some pictures of a set.</summary>
    /// <inheritdoc cref="Draw(TrainingSet, double, long)"/>
    public static IReadOnlyList<TrainingItem> Draw(
        TrainingSet set,
        IReadOnlyList<TrainingItem> items,
        double fraction,
        long seed
    )
    {
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "must lie between 0 and 1");
        var pictures = items.Select(item => item.PixelSha256).Distinct().ToList();
        if (pictures.Count < 2)
            throw new AuditException(
                $"'{set.Path}' holds fewer than two different pictures, so that it has no parts; "
                    + $"leave {Settings.Name("part")} out."
            );
        var count = Math.Clamp(
            (int)Math.Round(fraction * pictures.Count, MidpointRounding.AwayFromZero),
            1,
            pictures.Count - 1
        );
        var drawn = new NoiseSource(seed)
            .Permutation(new(NoisePurpose.TrainingPart, 0, 0), pictures.Count)
            .Take(count)
            .Select(index => pictures[index])
            .ToHashSet();
        return [.. items.Where(item => drawn.Contains(item.PixelSha256))];
    }
}
