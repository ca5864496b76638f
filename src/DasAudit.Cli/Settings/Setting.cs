using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace DasAudit.Cli.Settings;

internal sealed class Setting<T> : Option<T>, ISetting
{
    private readonly Func<IReadOnlyList<string>, T> _read;
    private readonly char? _separator;

    /// <summary>A setting; see <see cref="Setting"/> for the usual kinds.</summary>
    /// <param name="valueName">What the help calls its value; null for a flag.</param>
    /// <param name="description">For the help, with range and default.</param>
    /// <param name="read">Reads the values as written, or throws; see <see cref="ISetting.Read"/>.</param>
    /// <param name="separator">Between several values in an environment variable; null if there is only one.</param>
    public Setting(
        string name,
        string? valueName,
        string description,
        Func<IReadOnlyList<string>, T> read,
        T fallback,
        char? separator = null
    )
        : base(name)
    {
        _read = read;
        _separator = separator;
        Fallback = fallback;
        HelpName = valueName;
        Description = description;
        Arity =
            valueName is null ? ArgumentArity.ZeroOrOne
            : separator is null ? ArgumentArity.ExactlyOne
            : ArgumentArity.OneOrMore;
        CustomParser = result =>
        {
            try
            {
                return Read([.. result.Tokens.Select(token => token.Value)]);
            }
            catch (FormatException error)
            {
                result.AddError($"{name} {error.Message}");
                return fallback;
            }
        };
    }

    public bool IsRequired { get; init; }

    public T Fallback { get; }

    object? ISetting.Fallback => Fallback;

    IReadOnlyList<string> ISetting.Split(string text) =>
        _separator is { } separator
            ? text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [text];

    object? ISetting.Read(IReadOnlyList<string> texts) => Read(texts);

    // Core's parsers refuse a text as they refuse everything.
    private T Read(IReadOnlyList<string> texts)
    {
        try
        {
            return _read(texts);
        }
        catch (AuditException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}

internal static class Setting
{
    /// <summary>Any text; null by default.</summary>
    public static Setting<string?> Text(string name, string valueName, string description) =>
        new(name, valueName, description + ".", texts => NotEmpty(One(texts)), null);

    public static Setting<string> Text(string name, string valueName, string description, string fallback) =>
        new(name, valueName, $"{description}; default {fallback}.", texts => NotEmpty(One(texts)), fallback);

    /// <summary>A text that one of the sources must give.</summary>
    public static Setting<string> Required(string name, string valueName, string description) =>
        new(name, valueName, description + "; required.", texts => NotEmpty(One(texts)), "") { IsRequired = true };

    /// <summary>A text that need not be given; empty by default.</summary>
    public static Setting<string> Optional(string name, string valueName, string description) =>
        new(name, valueName, description + ".", texts => NotEmpty(One(texts)), "");

    /// <summary>Texts: the option may be repeated, the file may hold an array.</summary>
    public static Setting<IReadOnlyList<string>> Texts(string name, string valueName, string description) =>
        ListOf(name, valueName, description, NotEmpty);

    /// <summary>Values: the option may be repeated, the file may hold an array.</summary>
    public static Setting<IReadOnlyList<T>> ListOf<T>(
        string name,
        string valueName,
        string description,
        Func<string, T> read
    ) => new(name, valueName, description + "; may be repeated.", texts => [.. texts.Select(read)], [], ';');

    /// <summary>Values with commas between them; the option may be repeated, the file may hold an array.</summary>
    public static Setting<IReadOnlyList<T>> CommaList<T>(
        string name,
        string valueName,
        string description,
        Func<string, T> read
    ) =>
        new(
            name,
            valueName,
            description + "; several with commas between.",
            texts => [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)).Select(read)],
            [],
            ','
        );

    public static Setting<bool> Flag(string name, string description) =>
        new(name, null, description + ".", ReadFlag, false);

    /// <summary>A number within a range, ends included.</summary>
    public static Setting<T> Number<T>(
        string name,
        string valueName,
        string description,
        T minimum,
        T maximum,
        T fallback
    )
        where T : struct, INumber<T> =>
        new(
            name,
            valueName,
            $"{description}: {Range(minimum, maximum)}, default {Shown(fallback)}.",
            texts => ReadNumber(One(texts), minimum, maximum),
            fallback
        );

    /// <summary>A number within a range, ends included; null by default.</summary>
    public static Setting<T?> OptionalNumber<T>(
        string name,
        string valueName,
        string description,
        T minimum,
        T maximum,
        string fallback
    )
        where T : struct, INumber<T> =>
        new(
            name,
            valueName,
            $"{description}: {Range(minimum, maximum)}, default {fallback}.",
            texts => ReadNumber(One(texts), minimum, maximum),
            null
        );

    /// <summary>One of a few words, each with what it means, the first by default; case does not matter.</summary>
    public static Setting<T> Choice<T>(
        string name,
        string description,
        params IReadOnlyList<(string Word, T Meaning)> choices
    ) =>
        new(
            name,
            Words(choices, "|"),
            $"{description}; default {choices[0].Word}.",
            texts => ReadChoice(One(texts), choices),
            choices[0].Meaning
        );

    /// <summary>The same, null by default; <typeparamref name="T"/> is a type that may be null.</summary>
    public static Setting<T> OptionalChoice<T>(
        string name,
        string description,
        params IReadOnlyList<(string Word, T Meaning)> choices
    ) => new(name, Words(choices, "|"), description + ".", texts => ReadChoice(One(texts), choices), default!);

    /// <summary>Anything else that is written as one text.</summary>
    public static Setting<T> Parsed<T>(
        string name,
        string valueName,
        string description,
        Func<string, T> read,
        T fallback
    ) => new(name, valueName, description, texts => read(One(texts)), fallback);

    private static string One(IReadOnlyList<string> texts) =>
        texts.Count == 1 ? texts[0] : throw new FormatException($"takes one value, not {texts.Count}.");

    private static string NotEmpty(string text) =>
        text.Length > 0 ? text : throw new FormatException("must not be empty.");

    private static bool ReadFlag(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return true;
        var text = One(texts);
        return text.ToLowerInvariant() switch
        {
            "true" or "1" or "yes" or "on" => true,
            "false" or "0" or "no" or "off" => false,
            _ => throw new FormatException($"takes true or false, not '{text}'."),
        };
    }

    private static T ReadNumber<T>(string text, T minimum, T maximum)
        where T : struct, INumber<T>
    {
        var isNumber = T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number >= minimum && number <= maximum)
            return number;
        var isWhole = T.One / (T.One + T.One) == T.Zero;
        var kind = isWhole ? "a whole number" : "a number";
        throw new FormatException($"takes {kind} {Bounds(minimum, maximum)}, not '{text}'.");
    }

    private static T ReadChoice<T>(string text, IReadOnlyList<(string Word, T Meaning)> choices)
    {
        foreach (var (word, meaning) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return meaning;
        }
        throw new FormatException($"takes one of {Words(choices, ", ")}, not '{text}'.");
    }

    private static string Words<T>(IEnumerable<(string Word, T Meaning)> choices, string separator) =>
        string.Join(separator, choices.Select(choice => choice.Word));

    private static string Range<T>(T minimum, T maximum)
        where T : struct, INumber<T> =>
        maximum >= T.CreateSaturating(long.MaxValue)
            ? $"at least {Shown(minimum)}"
            : $"{Shown(minimum)} to {Shown(maximum)}";

    private static string Bounds<T>(T minimum, T maximum)
        where T : struct, INumber<T> =>
        (maximum >= T.CreateSaturating(long.MaxValue) ? "of " : "from ") + Range(minimum, maximum);

    private static string Shown<T>(T number)
        where T : struct, INumber<T> => number.ToString(null, CultureInfo.InvariantCulture);
}
