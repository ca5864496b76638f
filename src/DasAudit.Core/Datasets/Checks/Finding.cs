using System.Text.Json.Serialization;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>Something that a check of a dataset found.</summary>
/// <param name="Kind">What was found, in one word with dashes; one of those in <see cref="DatasetCheck"/>.</param>
/// <param name="Meaning">What that is, as a person would say it.</param>
/// <param name="Groups">The pictures; each group is a case of its own.</param>
public sealed record Finding(string Kind, Severity Severity, string Meaning, IReadOnlyList<FindingGroup> Groups)
{
    /// <summary>Number of files in all groups.</summary>
    public int Pictures => Groups.Sum(group => group.Pictures.Count);
}

/// <summary>Files that have something in common.</summary>
/// <param name="Pictures">Their paths within the dataset.</param>
/// <param name="Detail">What they have in common, or what to do; null where the kind says all.</param>
public sealed record FindingGroup(IReadOnlyList<string> Pictures, string? Detail)
{
    /// <summary>Where statements stand that contradict each other: file, and line or field; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Places { get; init; }

    /// <summary>The statement on use that the group is about; null for another finding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UseSignal? Signal { get; init; }
}
