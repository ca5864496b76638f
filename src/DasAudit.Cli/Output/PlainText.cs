using System.Globalization;
using System.Text;

namespace DasAudit.Cli.Output;

/// <summary>Makes text from files safe to print.</summary>
internal static class PlainText
{
    /// <summary>
    /// The text on one line, with control and formatting characters replaced: a title in somebody's metadata must not move the cursor, set
    /// colours or reverse the reading direction.
    /// </summary>
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) plain.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format) plain.Append('\uFFFD');
            else plain.Append(rune);
        }
        return plain.ToString();
    }
}
