using System.Text.RegularExpressions;
using DasAudit.Core.Files;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Which parameters count: rules in order, separated by spaces. Each is a regular expression that a parameter's name
/// must match somewhere; <c>!</c> before it leaves out what it matches. The last rule that matches decides; a name that
/// none matches counts only if the first rule leaves out. Examples: <c>up_blocks</c>; <c>!\.bias$</c>; <c>attentions
/// !norm</c>.
/// </summary>
internal sealed class ParameterFilter
{
    private readonly (Regex Pattern, bool Include)[] _rules;

    /// <summary>Reads rules.</summary>
    /// <param name="text">The rules; null for all parameters.</param>
    /// <exception cref="AuditException">One is no regular expression.</exception>
    public ParameterFilter(string? text)
    {
        _rules = [.. (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Rule)];
    }

    /// <summary>Whether a parameter counts.</summary>
    public bool Selects(string name)
    {
        if (_rules.Length == 0)
            return true;
        var last = Array.FindLastIndex(_rules, rule => rule.Pattern.IsMatch(name));
        return last >= 0 ? _rules[last].Include : !_rules[0].Include;
    }

    private static (Regex Pattern, bool Include) Rule(string text)
    {
        var exclude = text.StartsWith('!');
        try
        {
            return (new(exclude ? text[1..] : text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), !exclude);
        }
        catch (ArgumentException e)
        {
            throw new AuditException(
                $"{Settings.Name("parameters")} '{text}' is no regular expression: {e.Message}",
                e
            );
        }
    }
}
