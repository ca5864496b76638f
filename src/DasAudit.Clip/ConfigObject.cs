using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Clip;

/// <summary>
/// An object of a preprocessing file. It remembers which of its keys were asked for, so that none is passed over.
/// </summary>
internal sealed class ConfigObject
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly HashSet<string> _asked = [];
    private readonly List<string> _missing = [];

    private ConfigObject(JsonElement element, string path)
    {
        _element = element;
        _path = path;
    }

    /// <summary>Keys that were asked for and are not there, in the order of asking.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Reads a file and makes settings of it.</summary>
    /// <exception cref="AuditException">It cannot be read or holds something else.</exception>
    public static T Read<T>(string path, Func<ConfigObject, T> parse)
    {
        try
        {
            if (GitLfsPointer.IsFile(path))
                throw GitLfsPointer.Refuse(path);
            using var document = JsonDocuments.Parse(File.ReadAllBytes(path));
            var config = new ConfigObject(document.RootElement, path);
            return document.RootElement.ValueKind == JsonValueKind.Object ? parse(config) : throw config.Unreadable();
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw new ConfigObject(default, path).Unreadable(e);
        }
    }

    /// <summary>Whether a key is there and not null; it counts as asked for.</summary>
    public bool Has(string name, out JsonElement value)
    {
        _asked.Add(name);
        if (_element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        if (!_missing.Contains(name))
            _missing.Add(name);
        return false;
    }

    /// <summary>Whether a key is there and not null.</summary>
    public bool Holds(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool Flag(string name, bool missing) => Has(name, out var value) ? value.GetBoolean() : missing;

    public double? Number(string name) => Has(name, out var value) ? value.GetDouble() : null;

    public string? Text(string name) => Has(name, out var value) ? value.GetString() : null;

    /// <summary>An object within; null if there is none.</summary>
    public ConfigObject? Object(string name) =>
        Has(name, out var value) && value.ValueKind == JsonValueKind.Object ? new(value, _path) : null;

    /// <summary>One value a channel; a single number holds for all three.</summary>
    public IReadOnlyList<double>? Channels(string name, bool divides)
    {
        if (!Has(name, out var value))
            return null;
        double[] values =
            value.ValueKind == JsonValueKind.Number
                ? [.. Enumerable.Repeat(value.GetDouble(), 3)]
                : [.. value.EnumerateArray().Select(v => v.GetDouble())];
        return values.Length == 3 && values.All(double.IsFinite) && !(divides && values.Contains(0))
            ? values
            : throw Wrong(
                $"has an {name} of {value.GetRawText()}, where three values are needed"
                    + (divides ? ", none of them 0" : "")
            );
    }

    /// <summary>A side in pixels, 1 to 8192.</summary>
    public int Side(JsonElement value) =>
        value.TryGetInt32(out var side) && side is > 0 and <= 8192
            ? side
            : throw Wrong($"has a size of {value.GetRawText()} pixels, where 1 to 8192 are possible");

    /// <summary>Keys that change nothing here.</summary>
    public void Ignore(params IEnumerable<string> names) => _asked.UnionWith(names);

    /// <summary>Refuses what was neither asked for nor ignored, unless it is null or a step switched off.</summary>
    /// <param name="why">Completes "asks for KEY (VALUE), which …".</param>
    public void RefuseOthers(string why)
    {
        foreach (var property in _element.EnumerateObject())
        {
            var isOff =
                property.Value.ValueKind == JsonValueKind.False
                && property.Name.StartsWith("do_", StringComparison.Ordinal);
            if (!_asked.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null && !isOff)
                throw Wrong($"asks for {property.Name} ({Shortened(property.Value.GetRawText())}), which {why}");
        }
    }

    /// <summary>The error that a sentence about the file completes.</summary>
    public AuditException Wrong(string what, Exception? inner = null) =>
        new(
            $"'{_path}' {what}; give the encoder's own file, or say how to prepare pictures with "
                + $"{Settings.Name("preprocess")}.",
            inner
        );

    private AuditException Unreadable(Exception? inner = null) =>
        Wrong("cannot be read as a preprocessing file", inner);

    private static string Shortened(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
