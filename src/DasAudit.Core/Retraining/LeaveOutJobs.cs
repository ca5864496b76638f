using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Retraining;

/// <summary>
/// The jobs of evaluations that leave pictures out, and the job of all pictures that they are compared with. A job has
/// the same name in all evaluations, so that it is trained once.
/// </summary>
internal static class LeaveOutJobs
{
    private const int NameLength = 16;

    /// <summary>All pictures: what a model without some of them is to be compared with.</summary>
    public static RetrainingJob All(TrainingSet set, long seed) => new($"all-seed-{Text(seed)}", set.Items, seed);

    /// <summary>All pictures but some.</summary>
    /// <param name="left">Those that are left out, at least one and not all.</param>
    public static RetrainingJob Without(TrainingSet set, IReadOnlyList<TrainingItem> left, long seed)
    {
        var indices = left.Select(item => item.Index).ToHashSet();
        var kept = set.Items.Where(item => !indices.Contains(item.Index)).ToList();
        return new($"without-{Hash(left)[..NameLength]}-seed-{Text(seed)}", kept, seed);
    }

    // Over the pixel hashes, in ordinal order.
    private static string Hash(IReadOnlyList<TrainingItem> items)
    {
        var hashes = items.Select(item => item.PixelSha256).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
    }

    private static string Text(long seed) => seed.ToString(CultureInfo.InvariantCulture);
}
