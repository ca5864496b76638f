using System.Globalization;
using System.Text;

namespace DasAudit.Evidence.Document;

/// <summary>
/// Text from files made safe for the eye: characters that show nothing but change what is shown (bidirectional
/// controls, zero-width marks, control characters) are named instead of written, so that a name cannot pass for
/// another. Joiners stay, since scripts and emoji need them. Every white space becomes an ordinary space.
/// </summary>
internal static class VisibleText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text with every hidden character as <c>[U+202E]</c>.</summary>
    internal static string Of(string text) =>
        string.Concat(Parts(text).Select(part => part.Hidden ? $"[{part.Text}]" : part.Text));

    /// <summary>The text in pieces: what can be shown, and names of hidden characters, such as <c>U+202E</c>.</summary>
    internal static IEnumerable<(string Text, bool Hidden)> Parts(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHidden(rune))
            {
                shown.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
                continue;
            }

            if (shown.Length > 0)
                yield return (shown.ToString(), false);
            shown.Clear();
            yield return ($"U+{rune.Value:X4}", true);
        }

        if (shown.Length > 0)
            yield return (shown.ToString(), false);
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
            UnicodeCategory.Format => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner),
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => true,
            _ => false,
        };
}
