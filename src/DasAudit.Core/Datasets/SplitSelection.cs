using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Which pictures of a dataset are read, by the splits that they state.</summary>
/// <param name="Positions">Of the pictures that are read, ascending.</param>
/// <param name="Notes">What was decided without being asked for.</param>
internal sealed record SplitSelection(IReadOnlyList<int> Positions, IReadOnlyList<string> Notes)
{
    /// <summary>Selects as the options ask; asked for nothing, leaves out validation and test splits.</summary>
    /// <param name="shown">What messages call the dataset.</param>
    /// <param name="splits">For each picture the split that it states; null for none.</param>
    /// <exception cref="AuditException">No picture belongs to the split, or none is left.</exception>
    public static SplitSelection Of(string shown, IReadOnlyList<string?> splits, TrainingSetOptions options)
    {
        List<int> positions = [.. Enumerable.Range(0, splits.Count)];
        var notes = new List<string>();
        if (options.Split is { } split and not TrainingSetOptions.AllSplits)
        {
            var names = NamesOf(split, splits, notes);
            positions.RemoveAll(i => splits[i] is not { } name || !names.Contains(name));
            if (positions.Count == 0 && splits.Count > 0)
                throw NoSuchSplit(shown, split, splits);
        }

        if (options.ExceptSplit is { } except)
        {
            var names = NamesOf(except, splits, notes);
            positions.RemoveAll(i => splits[i] is { } name && names.Contains(name));
            if (positions.Count == 0 && splits.Count > 0)
                throw new AuditException(
                    $"'{shown}' holds no pictures beside those of the split '{except}'; "
                        + "name another split, or give the pictures of that split as a folder."
                );
        }

        if (options.Split is null)
            LeaveOutUnseen(shown, splits, positions, notes);
        return new(positions, notes);
    }

    /// <summary>The splits that a name asks for: itself, else those that say the same in other words.</summary>
    private static HashSet<string> NamesOf(string name, IReadOnlyList<string?> splits, List<string> notes)
    {
        if (splits.Contains(name))
            return [name];
        var canonical = SplitNames.OfName(name);
        HashSet<string> names = canonical is null
            ? []
            : [.. splits.OfType<string>().Where(split => SplitNames.OfName(split) == canonical)];
        if (names.Count > 0)
            notes.Add($"No picture states the split '{name}'; {Quoted(names)} was taken for it.");
        return names;
    }

    private static void LeaveOutUnseen(
        string shown,
        IReadOnlyList<string?> splits,
        List<int> positions,
        List<string> notes
    )
    {
        List<int> seen = [.. positions.Where(i => !IsUnseen(splits[i]))];
        if (seen.Count == positions.Count)
            return;
        var counts = positions
            .GroupBy(i => splits[i] ?? "")
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Split: group.Key, Count: group.Count()))
            .ToList();
        var pictures = string.Join(", ", counts.Select(split => Count(split.Split, split.Count)));
        if (seen.Count == 0)
        {
            notes.Add(
                $"'{shown}' holds only pictures of splits on which models are not trained ({pictures}); all count as "
                    + "training pictures."
            );
            return;
        }

        var unseen = counts.Where(split => IsUnseen(split.Split)).Select(split => split.Split);
        notes.Add(
            $"'{shown}' has splits ({pictures}); those of {Quoted(unseen)} were left out, because models are not "
                + $"trained on them; {Settings.Name("split")} {TrainingSetOptions.AllSplits} counts all as training "
                + "pictures."
        );
        positions.Clear();
        positions.AddRange(seen);
    }

    private static bool IsUnseen(string? split) =>
        split is not null && SplitNames.OfName(split) is SplitNames.Validation or SplitNames.Test;

    private static string Count(string split, int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(split.Length == 0 ? "no split" : $"'{split}'")}: {count} {(count == 1 ? "picture" : "pictures")}"
        );

    private static AuditException NoSuchSplit(string shown, string name, IReadOnlyList<string?> splits)
    {
        var names = splits.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var remedy =
            names.Count == 0
                ? ", because neither its metadata nor its folders name splits; leave the split out, or add the "
                    + "column split"
                : $"; name one of its splits: {string.Join(", ", names)}";
        return new AuditException($"No picture of '{shown}' belongs to the split '{name}'{remedy}.");
    }

    private static string Quoted(IEnumerable<string> names) =>
        string.Join(" and ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
