using System.Text;
using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// JSON as Python's json module writes it: with the bare words NaN, Infinity and -Infinity, which are no JSON.
/// </summary>
internal static partial class PythonJson
{
    /// <summary>The same text with these words as texts; what stands inside texts stays as it is.</summary>
    internal static string Standard(string text)
    {
        var standard = new StringBuilder(text.Length);
        var end = 0;
        foreach (Match match in Tokens().Matches(text))
        {
            standard.Append(text, end, match.Index - end);
            standard.Append(match.Groups["word"].Success ? $"\"{match.Value}\"" : match.Value);
            end = match.Index + match.Length;
        }
        return standard.Append(text, end, text.Length - end).ToString();
    }

    // A text, up to its end or the end of the file, or one of the words.
    [GeneratedRegex(
        """
            "(?:[^"\\]|\\.)*(?:"|\z)|(?<word>-?Infinity\b|NaN\b)
            """,
        RegexOptions.Singleline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Tokens();
}
