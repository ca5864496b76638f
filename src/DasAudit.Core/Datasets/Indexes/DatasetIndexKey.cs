using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets.Indexes;

/// <summary>What an index is about, and what it depends on beside the files.</summary>
/// <param name="Dataset">The folder's absolute path without links.</param>
/// <param name="Options">The reading options that change pixels or what can be read, as one text.</param>
internal sealed record DatasetIndexKey(string Dataset, string Options)
{
    /// <summary>How pixels and hashes are made of a file's bytes.</summary>
    public string Pixels { get; init; } = PixelPipeline.Version;

    public string FileName
    {
        get
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Dataset}\n{Options}"));
            return Convert.ToHexStringLower(hash.AsSpan(0, 16)) + ".index";
        }
    }
}
