using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>Lines of <c>robots.txt</c> and <c>ai.txt</c> on the use of what they are beside.</summary>
/// <remarks>
/// <c>Content-Usage</c> (draft-ietf-aipref-attach) and <c>Content-Signal</c> (contentsignals.org) in both; in
/// <c>ai.txt</c> also <c>Disallow</c> and <c>Allow</c>, which there speak of training (Spawning), and <c>Training</c>.
/// What robots.txt forbids to fetch is no statement on training, and is not read.
/// </remarks>
internal static class RobotsRules
{
    private const string EveryCrawler = "*";

    /// <param name="name">The file's path within the dataset.</param>
    public static IReadOnlyList<PathRule> Read(string name, string text)
    {
        var rules = new List<PathRule>();
        var isAiFile = Path.GetFileName(name) == "ai.txt";
        var crawlers = new List<string>();
        var isNaming = false;
        foreach (var (i, line) in text.Split('\n').Index())
        {
            var parts = line.Split('#')[0].Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
                continue;
            var field = parts[0].ToLowerInvariant();
            if (field == "user-agent")
            {
                // Lines that follow each other name the crawlers of one group.
                if (!isNaming)
                    crawlers.Clear();
                crawlers.Add(parts[1]);
                isNaming = true;
                continue;
            }

            isNaming = false;
            if (Rule(field, parts[1], isAiFile) is { } rule)
                rules.Add(Placed(rule, crawlers, $"{name}, line {i + 1}"));
        }

        return rules;
    }

    private static PathRule Placed(PathRule rule, List<string> crawlers, string place)
    {
        var isForAll = crawlers.Count == 0 || crawlers.Contains(EveryCrawler);
        var names = string.Join(", ", crawlers);
        var says = isForAll ? rule.Signal.Says : $"for the crawler {names}: {rule.Signal.Says}";
        return rule with { Group = $"{rule.Group} {names}", Signal = rule.Signal with { Place = place, Says = says } };
    }

    private static PathRule? Rule(string field, string value, bool isAiFile) =>
        field switch
        {
            "content-usage" => Preferences("Content-Usage", value),
            "content-signal" => Preferences("Content-Signal", value),
            "disallow" when isAiFile && value.Length > 0 => AiFile(
                value,
                $"Disallow: {value}",
                SignalStance.OptOut,
                "training AI is refused"
            ),
            "allow" when isAiFile && value.Length > 0 => AiFile(
                value,
                $"Allow: {value}",
                SignalStance.Allowed,
                "training AI is allowed"
            ),
            "training" when isAiFile => Training(value),
            _ => null,
        };

    private static PathRule Preferences(string kind, string value)
    {
        var pattern = "";
        var preferences = value;
        if (value.StartsWith('/'))
        {
            var end = value.IndexOfAny([' ', '\t']);
            pattern = end < 0 ? value : value[..end];
            preferences = end < 0 ? "" : value[end..].Trim();
        }

        var (stance, says) = UsagePreferences.Read(preferences);
        return new(pattern, kind, Signal(kind, stance, value, says));
    }

    private static PathRule Training(string value) =>
        value.ToLowerInvariant() switch
        {
            "deny" or "disallow" or "no" => AiFile(
                "",
                $"Training: {value}",
                SignalStance.OptOut,
                "training AI is refused"
            ),
            "allow" or "yes" => AiFile("", $"Training: {value}", SignalStance.Allowed, "training AI is allowed"),
            _ => AiFile(
                "",
                $"Training: {value}",
                SignalStance.Conditions,
                "training AI has conditions, which a person must read"
            ),
        };

    private static PathRule AiFile(string pattern, string value, SignalStance stance, string says) =>
        new(pattern, "ai.txt", Signal("ai.txt", stance, value, says));

    private static UseSignal Signal(string kind, SignalStance stance, string value, string says) =>
        new()
        {
            Kind = kind,
            Stance = stance,
            Value = value,
            Says = says,
            Place = "",
        };
}
