using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A JSON configuration file. It knows what was never asked for: no setting is ignored in silence.</summary>
internal sealed class JsonConfig
{
    private readonly JsonElement _root;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private JsonConfig(string path, string text, JsonElement root)
    {
        Path = path;
        Text = text;
        _root = root;
    }

    /// <summary>Where it stands, for messages.</summary>
    internal string Path { get; }

    internal string FileName => System.IO.Path.GetFileName(Path);

    internal string Text { get; }

    internal string? ClassName =>
        _root.TryGetProperty("_class_name", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    internal static JsonConfig Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{path}' cannot be read; a diffusers checkpoint needs it.", e);
        }
    }

    internal static JsonConfig Parse(string path, string text)
    {
        if (text.StartsWith(Encoding.UTF8.GetString(GitLfsPointer.Start), StringComparison.Ordinal))
            throw GitLfsPointer.Refuse(path);
        try
        {
            using var document = JsonDocument.Parse(PythonJson.Standard(text));
            RequireUnicode(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new JsonConfig(path, text, document.RootElement.Clone());
        }
        catch (InvalidOperationException e)
        {
            throw new AuditException($"'{path}' holds a text that is no Unicode; get the file again.", e);
        }
        catch (JsonException e)
        {
            throw new AuditException($"'{path}' is no valid JSON (line {e.LineNumber + 1}); get the file again.", e);
        }
        throw new AuditException($"'{path}' is no JSON object; get the file again.");
    }

    // Else whoever asks for such a text later meets the exception of a bug.
    private static void RequireUnicode(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            element.GetString();
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray())
                RequireUnicode(item);
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in element.EnumerateObject())
        {
            _ = property.Name;
            RequireUnicode(property.Value);
        }
    }

    internal AuditException Refuse(string key, object? value, string remedy) =>
        new($"'{Path}' sets {key} to {Show(value)}, {remedy}.");

    internal IEnumerable<JsonProperty> Entries => _root.EnumerateObject();

    internal int Int(string key, int fallback, int min, int max) => NullableInt(key, fallback, min, max) ?? fallback;

    /// <summary>An integer that may be null; <paramref name="fallback"/> stands for an absent key.</summary>
    internal int? NullableInt(string key, int? fallback, int min, int max)
    {
        if (!_root.TryGetProperty(key, out _))
            return fallback;
        if (Find(key) is not { } value)
            return null;
        return IntWithin(value, min, max)
            ?? throw Refuse(key, value, $"where a whole number from {min} to {max} is expected");
    }

    internal double Double(string key, double fallback, double min, double max)
    {
        if (Find(key) is not { } value)
            return fallback;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        if (isNumber && value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        throw Refuse(
            key,
            value,
            string.Create(CultureInfo.InvariantCulture, $"where a number from {min} to {max} is expected")
        );
    }

    internal bool Bool(string key, bool fallback) =>
        Find(key) is not { } value
            ? fallback
            : value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Refuse(key, value, "where true or false is expected"),
            };

    internal string? String(string key, string? fallback)
    {
        if (!_root.TryGetProperty(key, out _))
            return fallback;
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw Refuse(key, value, "where a text is expected");
    }

    internal string OneOf(string key, string fallback, params string[] supported)
    {
        var value = String(key, fallback) ?? fallback;
        return supported.Contains(value)
            ? value
            : throw Refuse(key, value, $"which is not supported; supported are {string.Join(", ", supported)}");
    }

    internal int[]? Ints(string key, int min, int max)
    {
        var items = List(key);
        if (items is null)
            return null;
        var expected = $"where a list of whole numbers from {min} to {max} is expected";
        return Array.ConvertAll(items, item => IntWithin(item, min, max) ?? throw Refuse(key, item, expected));
    }

    internal float[]? Floats(string key)
    {
        var items = List(key, JsonValueKind.Number, "numbers");
        return items is null ? null : Array.ConvertAll(items, item => item.GetSingle());
    }

    internal string[]? Strings(string key)
    {
        var items = List(key, JsonValueKind.String, "texts");
        return items is null ? null : Array.ConvertAll(items, item => item.GetString()!);
    }

    internal JsonElement? Find(string key)
    {
        _asked.Add(key);
        return _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>An object within it, which knows for itself what was asked for.</summary>
    internal JsonConfig Section(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Object } section
            ? new JsonConfig(Path, section.GetRawText(), section)
            : throw new AuditException($"'{Path}' lacks the section {key}; get the file again.");

    /// <summary>An object within it; null if there is none.</summary>
    internal JsonConfig? OptionalSection(string key) => Find(key) is null ? null : Section(key);

    /// <summary>The objects of a list within it; none if there is no such list.</summary>
    internal IEnumerable<JsonConfig> Sections(string key) =>
        (List(key, JsonValueKind.Object, "sections") ?? []).Select(item => new JsonConfig(
            Path,
            item.GetRawText(),
            item
        ));

    /// <summary>Keys that are allowed to stand there without being looked at.</summary>
    internal void Ignore(params string[] keys) => _asked.UnionWith(keys);

    /// <summary>Refuses every key that was not asked for, save nulls and diffusers' own notes.</summary>
    internal void RefuseUnread()
    {
        foreach (var entry in Entries)
        {
            var isUnknown = !entry.Name.StartsWith('_') && !_asked.Contains(entry.Name);
            if (isUnknown && entry.Value.ValueKind != JsonValueKind.Null)
                throw Refuse(
                    entry.Name,
                    entry.Value,
                    "a setting that is not supported; remove it if the model does not depend on it"
                );
        }
    }

    /// <summary>
    /// The sentence on every key that was not asked for, save nulls and diffusers' own notes (a leading underscore);
    /// none if there is no such key.
    /// </summary>
    internal IEnumerable<string> IgnoredKeys()
    {
        var ignored = Entries
            .Where(entry => !entry.Name.StartsWith('_') && !_asked.Contains(entry.Name))
            .Where(entry => entry.Value.ValueKind != JsonValueKind.Null)
            .Select(entry => $"{entry.Name} to {Show(entry.Value)}")
            .ToList();
        if (ignored.Count > 0)
            yield return $"{FileName} sets {string.Join(", ", ignored)}, which {ClassName} does not know; "
                + "diffusers ignores such settings, and they were ignored here.";
    }

    private JsonElement[]? List(string key)
    {
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw Refuse(key, value, "where a list is expected");
    }

    private JsonElement[]? List(string key, JsonValueKind kind, string kinds)
    {
        var items = List(key);
        foreach (var item in items ?? [])
            if (item.ValueKind != kind)
                throw Refuse(key, item, $"where a list of {kinds} is expected");
        return items;
    }

    private static int? IntWithin(JsonElement value, int min, int max)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            return null;
        return number >= min && number <= max ? number : null;
    }

    private static string Show(object? value)
    {
        var text = value switch
        {
            null => "null",
            JsonElement element => element.GetRawText(),
            bool truth => truth ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => $"\"{value}\"",
        };
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "…");
    }
}
