using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>Preferences such as <c>train-ai=n, search=y</c>: of AIPREF's drafts, and of Content Signals.</summary>
internal static class UsagePreferences
{
    // Of draft-ietf-aipref-vocab and its earlier versions, and of contentsignals.org.
    private static readonly Dictionary<string, (bool IsTraining, string Words)> Uses = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["train-ai"] = (true, "training AI"),
        ["ai-train"] = (true, "training AI"),
        ["train-genai"] = (true, "training generative AI"),
        ["genai"] = (true, "training generative AI"),
        ["ai"] = (true, "training AI"),
        ["tdm"] = (true, "text and data mining"),
        ["bots"] = (true, "all automated processing"),
        ["search"] = (false, "search"),
        ["ai-input"] = (false, "use as input of AI"),
        ["ai-output"] = (false, "use in what AI puts out"),
        ["ai-use"] = (false, "use by AI"),
    };

    /// <summary>What preferences come to, and what they say.</summary>
    /// <param name="text">The line behind its name and path.</param>
    public static (SignalStance Stance, string Says) Read(string text)
    {
        var stances = new List<SignalStance>();
        var words = new List<string>();
        foreach (
            var preference in text.Split(
                [',', ';'],
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            var answer = parts.Length == 2 ? parts[1].Trim('"', '?').ToLowerInvariant() : "";
            if (!Uses.TryGetValue(parts[0], out var use) || answer is not ("y" or "yes" or "n" or "no" or "1" or "0"))
            {
                words.Add($"'{preference}' is not known to this program");
                continue;
            }

            var isAllowed = answer is "y" or "yes" or "1";
            words.Add($"{use.Words} is {(isAllowed ? "allowed" : "refused")}");
            if (use.IsTraining)
                stances.Add(isAllowed ? SignalStance.Allowed : SignalStance.OptOut);
        }

        return (stances.Count == 0 ? SignalStance.Silent : stances.Min(), string.Join("; ", words));
    }
}
