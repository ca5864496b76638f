using System.Security.Cryptography;
using System.Text;

namespace DasAudit.Core.Datasets;

/// <summary>One hash that stands for all captions of a set.</summary>
internal static class CaptionHash
{
    /// <summary>
    /// SHA-256 of the UTF-8 lines <c>PATH\0CAPTION\n</c> of the pictures with a caption, in the set's order; lower-case
    /// hexadecimal.
    /// </summary>
    public static string Compute(TrainingSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in set.Items.Where(item => item.Caption is not null))
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Path}\0{item.Caption}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
