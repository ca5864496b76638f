using System.Text.Json.Serialization;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Reports;

/// <summary>What is said on the use of a listed picture.</summary>
/// <param name="Rank">Its rank in the report.</param>
/// <param name="Item">Path within the dataset.</param>
/// <param name="Stance">What weighs most of <paramref name="Signals"/>.</param>
/// <param name="Signals">What weighs most first.</param>
public sealed record PictureRights(int Rank, string Item, SignalStance Stance, IReadOnlyList<UseSignal> Signals)
{
    /// <summary>What its stated licence asks for, in coarse words; null where none is stated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LicenseAsks { get; init; }
}
