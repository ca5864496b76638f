using System.Text.RegularExpressions;
using DasAudit.Core.Files;

namespace DasAudit.Core.Gradients;

/// <summary>Rules, separated by spaces, for which parameters count; the last one that matches a name decides.</summary>
/// <remarks>
/// A rule is a regular expression that a name must match somewhere; <c>!</c> before it leaves out what it matches. A
/// name that no rule matches counts only if the first rule leaves out. Examples: <c>up_blocks</c>; <c>!\.bias$</c>;
/// <c>attentions !norm</c>.
/// </remarks>
internal sealed class ParameterFilter
{
    private readonly (Regex Pattern, bool Include)[] _rules;

    /// <param name="text">The rules; null for all parameters.</param>
    public ParameterFilter(string? text)
    {
        _rules = [.. (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Rule)];
    }

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
