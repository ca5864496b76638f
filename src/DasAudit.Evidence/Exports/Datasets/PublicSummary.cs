using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;

namespace DasAudit.Evidence.Exports.Datasets;

/// <summary>
/// A draft of the public summary of training content by the AI Office's template (Article 53(1)(d) of Regulation (EU)
/// 2024/1689), in Markdown: what the dataset shows is filled in, all else is left to the provider.
/// </summary>
internal sealed class PublicSummary(TrainingSet set, IReadOnlyList<Finding> findings)
{
    /// <summary>What stands where the dataset says nothing.</summary>
    internal const string ToFillIn = "*To be filled in by the provider.*";

    private const int ShownValues = 20;
    private const int LargestSmallSet = 1_000_000;
    private const int LargestMediumSet = 1_000_000_000;

    private readonly DatasetSummary _summary = DatasetSummary.Of(set);

    private bool HasCaptions => set.Items.Any(item => item.Caption is { Length: > 0 });

    /// <summary>Writes the draft.</summary>
    internal void Write(TextWriter writer)
    {
        var blocks = Head().Concat(General()).Concat(Sources()).Concat(Processing());
        writer.Write(string.Join("\n\n", blocks) + "\n");
    }

    private static IEnumerable<string> Head() =>
        [
            "# Public summary of training content: draft",
            "By the template of the AI Office for Article 53(1)(d) of Regulation (EU) 2024/1689. A program wrote this "
                + "draft from one dataset. It shows what the files and their metadata state, and nothing was checked "
                + "beyond them. The provider answers for the summary and must fill in what is marked, also for all "
                + "other datasets that the model was trained on.",
            Field("Version of the summary"),
            Field("Last update"),
        ];

    private IEnumerable<string> General() =>
        [
            "## 1. General information",
            "### 1.1. Provider identification",
            Field("Provider name and contact details"),
            Field("Authorised representative name and contact details"),
            "### 1.2. Model identification",
            Field("Versioned model name(s)"),
            Field("Model dependencies"),
            Field("Date of placement of the model on the Union market"),
            "### 1.3. Modalities, overall training data size and other characteristics",
            Modalities(),
            Field("Latest date of data acquisition/collection for model training"),
            Field("Description of the linguistic characteristics of the overall training data"),
            Field(
                "Other relevant characteristics of the overall training data",
                $"sizes in pixels: {Values(_summary.Sizes)}; splits: {Values(_summary.Splits)}; "
                    + $"classes: {Classes()}. {ToFillIn}"
            ),
        ];

    private IEnumerable<string> Sources() =>
        [
            "## 2. List of data sources",
            "### 2.1. Publicly available datasets",
            Field("Have you used publicly available datasets to train the model?"),
            Field(
                "This dataset",
                $"{MarkdownText.Code(Name())}, {Count(set.Items.Count, "picture")}, {MarkdownText.Inline(set.Kind)}, "
                    + $"Merkle root {MarkdownText.Code(set.Root)}. Whether it is publicly available, and where: "
                    + ToFillIn
            ),
            Field("Licences that its metadata state", Values(_summary.Licenses)),
            "### 2.2. Private non-publicly available datasets obtained from third parties",
            "#### 2.2.1. Datasets commercially licensed by rightsholders or their representatives",
            Field("Have you concluded transactional commercial licensing agreement(s) with rightsholder(s)?"),
            Field("Rights holders that the metadata state", Values(_summary.RightsHolders)),
            "#### 2.2.2. Private datasets obtained from other third parties",
            Field("Have you obtained private datasets from third parties that are not licensed as in 2.2.1?"),
            "### 2.3. Data crawled and scraped from online sources",
            Field("Were crawlers used by the provider or on its behalf?"),
            Field("Crawler name(s), purposes, behaviour and period of collection"),
            Field("Hosts of the addresses that the metadata state as sources", Domains()),
            "### 2.4. User data",
            Field("Was data from user interactions with the model or other services used to train the model?"),
            "### 2.5. Synthetic data",
            Field("Was synthetic AI-generated data created by the provider or on its behalf to train the model?"),
            "### 2.6. Other sources of data",
            Field("Have data sources other than those described in 2.1 to 2.5 been used to train the model?"),
        ];

    private IEnumerable<string> Processing() =>
        [
            "## 3. Data processing aspects",
            "### 3.1. Respect of reservation of rights from text and data mining exception or limitation",
            Field("Are you a signatory to the Code of Practice for general-purpose AI models?"),
            Field("Measures implemented before and during data collection to respect reservations of rights"),
            Reservations(),
            "### 3.2. Removal of illegal content",
            Field("General description of measures taken"),
            "### 3.3. Other information (optional)",
            Field(
                "Files that were left out",
                set.Skipped.Count == 0
                    ? "none of this dataset"
                    : $"{Count(set.Skipped.Count, "file")} of this dataset could not be read"
            ),
        ];

    private string Modalities()
    {
        var captions = set.Items.Count(item => item.Caption is { Length: > 0 });
        List<string> lines =
        [
            "| Modality | Training data size | Types of content |",
            "|---|---|---|",
            $"| Image | {SizeClass()}: {Count(set.Items.Count, "picture")} in this dataset | {ToFillIn} |",
        ];
        if (HasCaptions)
            lines.Add(
                $"| Text | {Count(captions, "caption")} in this dataset; in tokens: {ToFillIn} | captions of pictures |"
            );
        lines.Add($"| Audio, video, other | {ToFillIn} | {ToFillIn} |");
        return string.Join('\n', lines);
    }

    private string SizeClass() =>
        set.Items.Count switch
        {
            < LargestSmallSet => "less than 1 million images",
            <= LargestMediumSet => "1 million to 1 billion images",
            _ => "more than 1 billion images",
        };

    private string Reservations()
    {
        List<string> lines =
        [
            "Reservations found in and beside the pictures of this dataset (XMP, IPTC, C2PA, `tdmrep.json`, `ai.txt`, "
                + "`robots.txt`):",
            "",
        ];
        var reservations = findings
            .Where(finding => finding.Kind is "opt-out" or "use-conditions")
            .SelectMany(finding => finding.Groups.Select(group => (finding, group)))
            .ToList();
        foreach (var (finding, group) in reservations.Take(ShownValues))
            lines.Add(
                $"- {Count(group.Pictures.Count, "picture")} ({finding.Kind}): "
                    + MarkdownText.Inline(group.Detail ?? finding.Meaning)
            );
        if (reservations.Count > ShownValues)
            lines.Add($"- and {Count(reservations.Count - ShownValues, "more statement")}");
        if (reservations.Count == 0)
            lines.Add("- none was found, which does not show that no rights were reserved elsewhere");
        var unread = findings.Where(finding => finding.Kind == "unread-statements").Sum(finding => finding.Pictures);
        if (unread > 0)
            lines.Add($"- statements of {Count(unread, "file")} could not be read");
        return string.Join('\n', lines);
    }

    private string Domains()
    {
        var sources = set.Items.Select(item => item.Rights.Source).ToList();
        var hosts = sources
            .OfType<string>()
            .Select(WebAddress.Host)
            .OfType<string>()
            .CountBy(host => host, StringComparer.Ordinal)
            .OrderByDescending(host => host.Value)
            .ThenBy(host => host.Key, StringComparer.Ordinal)
            .ToList();
        if (hosts.Count == 0)
            return $"none is stated. {ToFillIn}";
        // The template asks for the first tenth of all domain names.
        var shown = Math.Max(ShownValues, (hosts.Count + 9) / 10);
        var list = hosts.Take(shown).Select(host => $"{MarkdownText.Code(host.Key)} ({Number(host.Value)})");
        return $"{string.Join(", ", list)}; {Count(hosts.Count, "host")} of "
            + $"{Count(hosts.Sum(host => host.Value), "picture")}. Whether they were crawled: {ToFillIn}";
    }

    private string Classes()
    {
        var classes = set.Items.Select(item => item.Label).OfType<int>().Distinct().Count();
        return classes == 0 ? "none stated" : Number(classes);
    }

    private string Name() => Path.GetFileName(Path.TrimEndingDirectorySeparator(set.Path));

    private static string Field(string name) => Field(name, ToFillIn);

    private static string Field(string name, string value) =>
        name.EndsWith('?') ? $"**{name}** {value}" : $"**{name}:** {value}";

    private static string Values(IReadOnlyList<ValueCount> values)
    {
        if (values.All(value => value.Value is null))
            return "none stated";
        var shown = values
            .Take(ShownValues)
            .Select(value => $"{MarkdownText.Inline(value.Value ?? "(not stated)")} ({Number(value.Count)})");
        var more = values.Count > ShownValues ? $", and {Number(values.Count - ShownValues)} more" : "";
        return string.Join(", ", shown) + more;
    }

    private static string Count(int count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
