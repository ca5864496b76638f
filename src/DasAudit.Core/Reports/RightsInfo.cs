using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>What is said, in and beside the listed pictures' files, on mining them and training on them.</summary>
/// <param name="Pictures">Those of which anything is said: opt-outs first, then conditions, then by rank.</param>
public sealed record RightsInfo(IReadOnlyList<PictureRights> Pictures)
{
    /// <summary>Files that may say something and could not be read; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnreadRights>? Unread { get; init; }
}
