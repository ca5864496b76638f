using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Takes the marks of programs out of a prompt; what their text encoder reads is left.</summary>
internal static partial class PromptText
{
    /// <summary>The text of a prompt.</summary>
    /// <param name="hasWeights">Whether words were weighted, which the text does not show.</param>
    public static string Plain(string prompt, PromptMarks marks, out bool hasWeights)
    {
        hasWeights = false;
        if (marks == PromptMarks.None)
            return prompt;
        var bare = marks == PromptMarks.WebUi ? Networks.Replace(prompt, "") : prompt;
        var hasNetworks = bare.Length < prompt.Length;
        prompt = bare;
        var text = new StringBuilder(prompt.Length);
        for (var i = 0; i < prompt.Length; i++)
        {
            if (prompt[i] == '\\' && i + 1 < prompt.Length && IsBracket(prompt[i + 1], PromptMarks.WebUi))
                text.Append(prompt[++i]);
            else if (IsBracket(prompt[i], marks))
                hasWeights = true;
            else if (prompt[i] == ':' && Weight.Match(prompt, i) is { Success: true } weight)
                i += weight.Length - 1;
            else
                text.Append(prompt[i]);
        }

        // What was cut out leaves blanks and commas behind.
        return hasNetworks || hasWeights ? Blanks.Replace(text.ToString(), " ").Trim(' ', ',', '\n') : text.ToString();
    }

    /// <summary>The LoRAs that a prompt of AUTOMATIC1111's web UI names.</summary>
    public static IEnumerable<MentionedLora> LorasOf(string prompt)
    {
        foreach (Match match in Networks.Matches(prompt))
        {
            if (match.Groups["kind"].Value == "hypernet")
                continue;
            var isNumber = double.TryParse(
                match.Groups["weight"].Value,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var weight
            );
            yield return new(match.Groups["name"].Value, isNumber ? weight : null);
        }
    }

    private static bool IsBracket(char letter, PromptMarks marks) =>
        letter is '(' or ')' || (marks == PromptMarks.WebUi && letter is '[' or ']');

    [GeneratedRegex(
        "<(?<kind>lora|lyco|hypernet):(?<name>[^:>]+)(?::(?<weight>[^:>]*))?(?::[^>]*)?>",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Networks { get; }

    // Only in front of a closing bracket; elsewhere a colon is a colon.
    [GeneratedRegex(@"\G:\s*[+-]?[0-9.]+\s*(?=\))", RegexOptions.CultureInvariant)]
    private static partial Regex Weight { get; }

    [GeneratedRegex(" {2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks { get; }
}
