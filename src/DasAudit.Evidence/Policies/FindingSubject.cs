using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace DasAudit.Evidence.Policies;

/// <summary>What a finding is about; null for what it is not about.</summary>
internal sealed record FindingSubject
{
    /// <summary>The file where it is shown, as named.</summary>
    public required string File { get; init; }

    /// <summary>Its line, from 1.</summary>
    public int Line { get; init; } = 1;

    /// <summary>Its column, from 1.</summary>
    public int Column { get; init; } = 1;

    /// <summary>Id of a report.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Report { get; init; }

    /// <summary>SHA-256 of the file of a generated picture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PictureSha256 { get; init; }

    /// <summary>Hash of its pixels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PixelSha256 { get; init; }

    /// <summary>A training picture: its path within the dataset.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Item { get; init; }

    /// <summary>SHA-256 of its file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemSha256 { get; init; }

    /// <summary>Hash of its pixels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemPixelSha256 { get; init; }

    /// <summary>A rights holder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holder { get; init; }

    /// <summary>What a check of a dataset found: see <see cref="Core.Datasets.Checks.DatasetCheck"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>A waiver, in words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Waiver { get; init; }

    /// <summary>
    /// A hash that stays the same when files are renamed or encoded anew: pictures count by their pixels, and names of
    /// files only where there are none.
    /// </summary>
    /// <param name="rule">The rule's id.</param>
    internal string Fingerprint(string rule)
    {
        var (picture, item) = (PixelSha256 ?? PictureSha256, ItemPixelSha256 ?? ItemSha256 ?? Item);
        var name = picture is null && item is null ? File : null;
        var text = string.Join('\n', rule, picture, item, item is null ? Holder : null, Kind, Waiver, name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
