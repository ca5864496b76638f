using System.Globalization;
using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>What stands in the column label, as class indices: numbers, or names in ordinal order.</summary>
internal sealed class ClassLabels
{
    private const int MostNamed = 10;
    private const string Unlabelled = "-1";

    private readonly Dictionary<string, int> _indices;

    private ClassLabels(Dictionary<string, int> indices, IReadOnlyList<string> notes)
    {
        _indices = indices;
        Notes = notes;
    }

    /// <summary>How names were turned into indices.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Understands all labels of a dataset together.</summary>
    /// <param name="numbersNames">Whether names are numbered; else they are refused.</param>
    /// <exception cref="AuditException">Some are numbers and some names, or a number is no index.</exception>
    public static ClassLabels Of(IEnumerable<(string Text, MetadataPlace Place)> labels, bool numbersNames)
    {
        var places = new Dictionary<string, MetadataPlace>(StringComparer.Ordinal);
        foreach (var (text, place) in labels)
            places.TryAdd(text, place);
        var unlabelled = places.Remove(Unlabelled);
        var numbers = places.Keys.Where(IsNumber).ToList();
        var names = places.Keys.Where(text => !IsNumber(text)).Order(StringComparer.Ordinal).ToList();
        if (numbers.Count > 0 && names.Count > 0)
            throw places[names[0]]
                .Wrong(
                    $"has the label '{names[0]}', but {places[numbers[0]].Beside(places[names[0]])} has "
                        + $"'{numbers[0]}'; give every picture a class name, or every one a class index from 0"
                );
        if (names.Count > 0 && !numbersNames)
            throw places[names[0]]
                .Wrong(
                    $"has the label '{names[0]}'; outside the training set give a class by the index that it has there"
                );
        var indices = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        foreach (var number in numbers)
            indices.Add(number, Index(number) ?? throw NoIndex(number, places[number]));
        var notes = new List<string>();
        if (names.Count > 0)
            notes.Add($"The metadata give classes by name; in ordinal order their labels are {Mapping(names)}.");
        if (unlabelled)
            notes.Add("Pictures with the label -1 count as having none, as in Hugging Face's datasets.");
        return new(indices, notes);
    }

    /// <summary>Labels by the names of class folders.</summary>
    public static string NoteOnFolders(IReadOnlyList<string> names) =>
        $"The folders are taken as classes, for models that know classes; in ordinal order of their names the labels "
        + $"are {Mapping(names)}.";

    /// <summary>The class index of a label; null for none.</summary>
    public int? IndexOf(string? label) =>
        label is not null && _indices.TryGetValue(label, out var index) ? index : null;

    private static bool IsNumber(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    // pandas writes whole numbers as 3.0 where the column also has gaps.
    private static int? Index(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number <= int.MaxValue
        && decimal.IsInteger(number)
            ? (int)number
            : null;

    private static AuditException NoIndex(string text, MetadataPlace place) =>
        place.Wrong($"has the label '{text}', which is no class index; give a whole number from 0");

    private static string Mapping(IReadOnlyList<string> names)
    {
        var mapping = names.Select((name, index) => $"{name} = {index.ToString(CultureInfo.InvariantCulture)}");
        return names.Count <= MostNamed
            ? string.Join(", ", mapping)
            : $"{string.Join(", ", mapping.Take(MostNamed - 1))}, …, {mapping.Last()}";
    }
}
