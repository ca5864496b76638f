using System.CommandLine;
using System.CommandLine.Parsing;

namespace DasAudit.Cli.Settings;

/// <summary>Decides settings: by command line, else environment, else configuration file, else default.</summary>
internal sealed class SettingResolver(Surroundings surroundings, CommonSettings common)
{
    /// <summary>Throws a <see cref="UsageException"/>, a sentence for each value that is wrong or missing.</summary>
    public SettingValues Resolve(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var file = OpenFile(parse);
        var path = Path(parse);
        var values = new Dictionary<ISetting, SettingValue>();
        var errors = new List<string>();
        foreach (var setting in CommandSettings.Of(command))
        {
            try
            {
                values[setting] = Decide(setting, parse, file, path);
            }
            catch (FormatException error)
            {
                errors.Add(error.Message);
            }
        }
        return errors.Count == 0 ? new(values) : throw new UsageException(errors);
    }

    private SettingValue Decide(ISetting setting, ParseResult parse, ConfigFile? file, IReadOnlyList<string> path)
    {
        if (Given(setting, parse) is { } value)
            return value;
        if (surroundings.Variable(setting.Variable) is { } text)
            return Read(setting, setting.Split(text), setting.Variable);
        if (file?.Find(path, setting.Key) is { } line)
            return Read(setting, line.Texts, line.Where);
        return setting.IsRequired
            ? throw new FormatException(
                $"{setting.Name} is required; give it on the command line, as {setting.Variable} "
                    + $"or as \"{setting.Key}\" in {ConfigFile.DefaultName}."
            )
            : new(setting.Fallback, null);
    }

    private static SettingValue? Given(ISetting setting, ParseResult parse) =>
        parse.GetResult((Option)setting) is { Implicit: false } result
            ? Read(setting, [.. result.Tokens.Select(token => token.Value)], setting.Name)
            : null;

    private static SettingValue Read(ISetting setting, IReadOnlyList<string> texts, string source)
    {
        try
        {
            return new(setting.Read(texts), source);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{source} {error.Message}");
        }
    }

    private ConfigFile? OpenFile(ParseResult parse)
    {
        var root = parse.RootCommandResult.Command;
        var named =
            Given(common.Config, parse)?.Value as string ?? surroundings.Variable(((ISetting)common.Config).Variable);
        if (named is not null)
            return ConfigFile.Load(surroundings.Resolve(named), named, root);
        var usual = surroundings.Resolve(ConfigFile.DefaultName);
        return File.Exists(usual) ? ConfigFile.Load(usual, ConfigFile.DefaultName, root) : null;
    }

    private static List<string> Path(ParseResult parse)
    {
        var names = new List<string>();
        for (var result = parse.CommandResult; result.Parent is CommandResult parent; result = parent)
            names.Insert(0, result.Command.Name);
        return names;
    }
}
