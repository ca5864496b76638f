using System.Globalization;
using System.Text.Json;

namespace DasAudit.Evidence.Policies.Reading;

/// <summary>Reads the members of one object of a policy; what is wrong is named with its path in the file.</summary>
/// <param name="file">The policy's file, as given.</param>
/// <param name="path">The object's path, such as <c>rules[2]</c>; empty for the whole.</param>
/// <param name="content">The object.</param>
internal sealed class PolicyMembers(string file, string path, JsonElement content)
{
    private const string DateForm = "yyyy-MM-dd";

    internal string Path => path;

    /// <summary>An object, if it is one.</summary>
    internal static PolicyMembers Of(string file, string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? new(file, path, value) : throw Wrong(file, path, "must be an object");

    /// <summary>What is wrong with the whole object.</summary>
    internal AuditException Wrong(string what) => Wrong(file, path, what);

    /// <summary>What is wrong with a member.</summary>
    internal AuditException Wrong(string name, string what) => Wrong(file, Below(name), what);

    /// <summary>Refuses members of other names.</summary>
    internal void RefuseOthers(string what, params IEnumerable<string> known)
    {
        List<string> names = [.. known];
        foreach (var member in content.EnumerateObject())
            if (!names.Contains(member.Name, StringComparer.Ordinal))
                throw Wrong(member.Name, $"is no member of {what}; it has {string.Join(", ", names)}");
    }

    internal bool Has(string name) => content.TryGetProperty(name, out _);

    /// <summary>A text; null if it is not there.</summary>
    internal string? Text(string name)
    {
        if (!content.TryGetProperty(name, out var value))
            return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "must be a text");
        return text.Trim().Length > 0 ? text : throw Wrong(name, "is empty; write something, or leave it out");
    }

    /// <summary>A text that must be there.</summary>
    /// <param name="why">What it is for, as the end of a sentence.</param>
    internal string RequiredText(string name, string why) => Text(name) ?? throw Wrong($"has no '{name}'; {why}");

    /// <summary>Texts; null if they are not there.</summary>
    /// <param name="emptiness">Why there must be at least one, as the end of a sentence.</param>
    internal IReadOnlyList<string>? Texts(string name, string emptiness)
    {
        if (!content.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "must be a list of texts");
        var texts = new List<string>();
        foreach (var element in value.EnumerateArray())
        {
            var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
            if (text.Trim().Length == 0)
                throw Wrong(Element(name, texts.Count), "must be a text that is not empty");
            texts.Add(text);
        }

        return texts.Count > 0 ? texts : throw Wrong(name, $"is an empty list, {emptiness}");
    }

    /// <summary>The objects of a list; none if it is not there.</summary>
    internal IEnumerable<PolicyMembers> Objects(string name)
    {
        if (!content.TryGetProperty(name, out var value))
            return [];
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select((element, index) => Of(file, Below(Element(name, index)), element))
            : throw Wrong(name, "must be a list of objects");
    }

    internal bool Flag(string name) =>
        content.TryGetProperty(name, out var value)
        && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "must be true or false"),
        };

    /// <summary>A number; null if it is not there.</summary>
    internal double? Number(string name)
    {
        if (!content.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "must be a number");
    }

    /// <summary>A part of a whole, as 0.2 or "20%"; null if it is not there.</summary>
    /// <param name="what">What cannot be above a whole: <c>share</c>.</param>
    internal double? Part(string name, string what)
    {
        if (!content.TryGetProperty(name, out var value))
            return null;
        var part = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => Percent(value.GetString()!),
            _ => double.NaN,
        };
        return part switch
        {
            >= 0 and < 1 => part,
            >= 1 => throw Wrong(
                name,
                $"is {value}, but no {what} is above {(part == 1 ? "that" : "100 %")}, so the rule can never be hit; "
                    + "write a number from 0 to 1, or a percentage such as \"20%\""
            ),
            _ => throw Wrong(name, $"is {value}; write a number from 0 to 1, or a percentage such as \"20%\""),
        };
    }

    /// <summary>A day that must be there.</summary>
    internal DateOnly Date(string name, string why)
    {
        var text = RequiredText(name, why);
        return DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Wrong(name, $"is '{text}', which is no day; write one such as 2027-01-31");
    }

    /// <summary>One of a few words; null if it is not there.</summary>
    internal T? Word<T>(string name, params IReadOnlyList<(string Word, T Meaning)> words)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        foreach (var (word, meaning) in words)
            if (word == text)
                return meaning;
        throw Wrong(name, $"is '{text}'; write {string.Join(", ", words.Select(word => word.Word))}");
    }

    /// <summary>The name of an element of a list.</summary>
    internal static string Element(string name, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");

    private string Below(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static double Percent(string text)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        var digits = text.TrimEnd().TrimEnd('%').TrimEnd();
        var isNumber = double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number);
        if (!isNumber)
            return double.NaN;
        return text.TrimEnd().EndsWith('%') ? number / 100 : number;
    }

    private static AuditException Wrong(string file, string path, string what) =>
        new(path.Length == 0 ? $"The policy '{file}' {what}." : $"The policy '{file}': {path} {what}.");
}
