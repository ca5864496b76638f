using System.Text;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// Text for GitHub-flavoured Markdown in which nothing is markup. Signs are escaped wherever they could begin emphasis,
/// code, links, addresses, tables, HTML or entities; dots, hyphens, parentheses and the like only where they could, so
/// that names stay readable in the source.
/// </summary>
internal static class MarkdownText
{
    private const string AlwaysEscaped = @"\`*_{}[]<>#|~&$@!^=";

    internal static string Inline(string text)
    {
        var visible = VisibleText.Of(text);
        var escaped = new StringBuilder();
        for (var i = 0; i < visible.Length; i++)
        {
            if (BeginsAddress(visible, i) || AlwaysEscaped.Contains(visible[i], StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(visible[i]);
        }

        return escaped.ToString();
    }

    /// <summary>Text that begins a line or an item: numbers, - and + could begin a list, hyphens a rule.</summary>
    internal static string Line(string text)
    {
        var trimmed = text.TrimStart();
        var digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        var inline = Inline(trimmed);
        return digits > 0 && trimmed.Length > digits && trimmed[digits] is '.' or ')' ? inline.Insert(digits, @"\")
            : trimmed is ['-' or '+', ..] ? @"\" + inline
            : inline;
    }

    /// <summary>A file name, hash or identifier as code, within a line or a table cell.</summary>
    internal static string Code(string text)
    {
        var visible = VisibleText.Of(text);
        if (visible.Trim().Length == 0)
            return "";

        // The fence is longer than any run of backticks inside; a pipe would end a table cell even in code.
        var fence = new string('`', LongestRun(visible, '`') + 1);
        var padding = visible[0] is '`' or ' ' || visible[^1] is '`' or ' ' ? " " : "";
        return fence + padding + visible.Replace("|", @"\|", StringComparison.Ordinal) + padding + fence;
    }

    // "www." and "scheme:" become links by themselves.
    private static bool BeginsAddress(string text, int at) =>
        text[at] switch
        {
            '.' => text.AsSpan(0, at).EndsWith("www", StringComparison.OrdinalIgnoreCase),
            ':' => at + 1 < text.Length && text[at + 1] != ' ',
            _ => false,
        };

    private static int LongestRun(string text, char c)
    {
        int longest = 0,
            run = 0;
        foreach (var t in text)
        {
            run = t == c ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
