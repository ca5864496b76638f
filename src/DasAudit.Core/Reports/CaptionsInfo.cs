using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Reports;

/// <summary>The captions of a training set.</summary>
/// <param name="Stated">Pictures with a caption, perhaps an empty one.</param>
/// <param name="Missing">Pictures without, which were looked at under the empty prompt.</param>
/// <param name="Sha256">Of the UTF-8 lines <c>PATH\0CAPTION\n</c> of those with one, in the set's order.</param>
public sealed record CaptionsInfo(int Stated, int Missing, string Sha256)
{
    /// <summary>Counts and hashes them.</summary>
    public static CaptionsInfo Of(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var stated = 0;
        foreach (var item in set.Items)
        {
            if (item.Caption is null)
                continue;
            stated++;
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Path}\0{item.Caption}\n"));
        }

        return new(stated, set.Items.Count - stated, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
