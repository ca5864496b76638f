using System.CommandLine;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Cli.Settings;

/// <summary>
/// The configuration file: a JSON object of options, such as <c>{"model": "unet", "audit": {"top": 5}, "reports":
/// {"export": {"format": "html"}}}</c>. An option at the top goes for every command that has it; one within a
/// command's object goes for that command and takes precedence. Comments and trailing commas are allowed, unknown
/// keys are not.
/// </summary>
internal sealed class ConfigFile
{
    /// <summary>The file that is read from the working directory without being named.</summary>
    public const string DefaultName = "das-audit.json";

    private readonly JsonElement _content;
    private readonly string _name;

    private ConfigFile(JsonElement content, string name)
    {
        _content = content;
        _name = name;
    }

    /// <summary>Reads and checks a file. <paramref name="name"/> is its path as someone wrote it.</summary>
    public static ConfigFile Load(string path, string name, Command root)
    {
        try
        {
            using var document = JsonDocuments.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    AllowDuplicateProperties = false,
                }
            );
            var content = document.RootElement.Clone();
            if (content.ValueKind != JsonValueKind.Object)
                throw new UsageException($"'{name}' holds no JSON object; write the options as {{\"top\": 5}}.");
            var errors = Errors(content, root, "", name).ToList();
            return errors.Count == 0 ? new(content, name) : throw new UsageException(errors);
        }
        catch (JsonException error)
        {
            // Only a key that stands twice is reported without its line.
            var mistake = error.LineNumber is { } line ? $" at line {line + 1}" : ": a key stands twice";
            throw new UsageException($"'{name}' is no correct JSON{mistake}; correct it.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration file '{name}' cannot be read; name another with --config.");
        }
    }

    /// <summary>What the file says about a setting, and where; the innermost object that speaks decides.</summary>
    /// <param name="commands">Names of the command, outermost first, without the root.</param>
    public (IReadOnlyList<string> Texts, string Where)? Find(IReadOnlyList<string> commands, string key)
    {
        var innermost = Find(_content, "", key);
        var section = _content;
        var prefix = "";
        foreach (var command in commands)
        {
            if (!section.TryGetProperty(command, out section) || section.ValueKind != JsonValueKind.Object)
                break;
            prefix += command + ".";
            innermost = Find(section, prefix, key) ?? innermost;
        }
        return innermost;
    }

    private (IReadOnlyList<string> Texts, string Where)? Find(JsonElement section, string prefix, string key)
    {
        if (!section.TryGetProperty(key, out var value))
            return null;
        // What is an object is a command of the same name.
        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Object
            ? null
            : (Texts(value), $"'{prefix}{key}' in {_name}");
    }

    private static IReadOnlyList<string> Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Scalar)] : [Scalar(value)];

    private static string Scalar(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<string> Errors(JsonElement section, Command command, string prefix, string name) =>
        section.EnumerateObject().SelectMany(property => Errors(property, command, prefix, name));

    private static IEnumerable<string> Errors(JsonProperty property, Command command, string prefix, string name)
    {
        var where = $"'{prefix}{property.Name}' in {name}";
        var isObject = property.Value.ValueKind == JsonValueKind.Object;
        var child = command.Subcommands.FirstOrDefault(sub => sub.Name == property.Name);
        if (child is not null)
            return isObject
                ? Errors(property.Value, child, $"{prefix}{child.Name}.", name)
                : [$"{where} is a command; give its options as an object."];

        var keys = Keys(command).ToHashSet(StringComparer.Ordinal);
        if (keys.Contains(property.Name))
            return isObject ? [$"{where} is an option and takes a value, not an object."] : [];
        var hint = Nearest.Hint(property.Name, keys.Concat(command.Subcommands.Select(sub => sub.Name)));
        return [$"{where} is no option of '{CommandNames.Name(command)}'{hint}"];
    }

    // An object may hold the options of its command and of the commands within. The file cannot name another file.
    private static IEnumerable<string> Keys(Command command) =>
        CommandSettings.All(command).Select(setting => setting.Key).Where(key => key != "config");
}
