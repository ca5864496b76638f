using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>The groups that are left out one at a time.</summary>
internal sealed class HoldoutGroups
{
    private readonly TrainingSet _set;
    private readonly IReadOnlyList<string> _ofItems;
    private readonly ILookup<string, TrainingItem> _members;

    /// <summary>Groups the pictures of a set.</summary>
    /// <exception cref="AuditException">All of them are one group.</exception>
    public HoldoutGroups(TrainingSet set, GroupKey by)
    {
        _set = set;
        _ofItems = by.Of(set.Items);
        _members = set.Items.ToLookup(item => _ofItems[item.Index]);
        Keys = [.. _members.Select(group => group.Key).Order(StringComparer.Ordinal)];
        if (Keys.Count < 2)
            throw new AuditException(
                $"By {by.Name}, all {set.Items.Count} pictures of '{set.Path}' are one group, {Shown(Keys[0])}, and a "
                    + $"model without it would have nothing to learn from; choose another {Settings.Name("by")}."
            );
        var silent = _members[GroupKey.NotStated].Count();
        if (silent > 0)
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {by.Name} of {silent} of {set.Items.Count} pictures is not stated; together they are one "
                        + $"group, as in reports."
                ),
            ];
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>What should be known of them, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>The pictures of a group.</summary>
    public IReadOnlyList<TrainingItem> Members(string key) => [.. _members[key]];

    /// <summary>The group of each of some pictures.</summary>
    public IReadOnlyList<string> Of(IEnumerable<TrainingItem> items) => [.. items.Select(item => _ofItems[item.Index])];

    /// <summary>The model of all pictures, then those without each group.</summary>
    public IReadOnlyList<RetrainingJob> Jobs(long seed) =>
        [LeaveOutJobs.All(_set, seed), .. Keys.Select(key => LeaveOutJobs.Without(_set, Members(key), seed))];

    private static string Shown(string key) => key == GroupKey.NotStated ? key : $"'{key}'";
}
