using DasAudit.Core.Datasets.Signals;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>What is said on the use of pictures, in their files and beside them.</summary>
internal static class SignalChecks
{
    /// <param name="unread">Files beside the pictures that could not be read.</param>
    public static IEnumerable<Finding> Run(
        IReadOnlyList<(TrainingItem Item, ItemStatements Statements)> said,
        IEnumerable<SkippedPicture> unread
    )
    {
        var signals = said.SelectMany(pair =>
                pair.Statements.Signals.Select(signal => (pair.Item.Path, Signal: signal))
            )
            .GroupBy(pair => pair.Signal, pair => pair.Path)
            .OrderBy(group => group.Key.Place, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Value, StringComparer.Ordinal)
            .ToList();
        yield return new(
            "opt-out",
            Severity.Warning,
            "pictures on which training or mining is refused",
            [.. Groups(SignalStance.OptOut)]
        );
        yield return new(
            "use-conditions",
            Severity.Warning,
            "pictures whose use has conditions that a person must read",
            [.. Groups(SignalStance.Conditions)]
        );
        yield return new(
            "use-statement",
            Severity.Information,
            "pictures with another statement on their use",
            [.. Groups(SignalStance.Allowed, SignalStance.Silent)]
        );
        yield return Unread(said, unread);

        IEnumerable<FindingGroup> Groups(params SignalStance[] stances) =>
            signals
                .Where(group => stances.Contains(group.Key.Stance))
                .Select(group => new FindingGroup([.. group], Detail(group.Key)) { Signal = group.Key });
    }

    private static string Detail(UseSignal signal) => $"{signal.Place}: '{signal.Value}': {signal.Says}";

    private static Finding Unread(
        IReadOnlyList<(TrainingItem Item, ItemStatements Statements)> said,
        IEnumerable<SkippedPicture> unread
    )
    {
        var groups = said.SelectMany(pair =>
                pair.Statements.Problems.Select(problem => new SkippedPicture(pair.Item.Path, problem))
            )
            .Concat(unread)
            .GroupBy(problem => problem.Reason, problem => problem.Path, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new FindingGroup([.. group], group.Key));
        return new(
            "unread-statements",
            Severity.Warning,
            "files whose statements on rights could not be read",
            [.. groups]
        );
    }
}
