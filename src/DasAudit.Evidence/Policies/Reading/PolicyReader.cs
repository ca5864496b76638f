using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Evidence.Policies.Rules;

namespace DasAudit.Evidence.Policies.Reading;

/// <summary>Reads a policy. Comments and trailing commas are allowed, members of other names are not.</summary>
internal static class PolicyReader
{
    private static readonly string[] WaiverMembers =
    [
        "rule",
        "picture",
        "item",
        "holder",
        "report",
        "reason",
        "by",
        "until",
    ];

    /// <summary>Reads a policy's text.</summary>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="AuditException">It is no policy, or one that cannot be kept or hit.</exception>
    internal static Policy Read(byte[] json, string file)
    {
        var text = JsonDocuments.WithoutMark(json);
        try
        {
            using var document = JsonDocuments.Parse(
                text,
                new()
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    AllowDuplicateProperties = false,
                }
            );
            return Read(PolicyMembers.Of(file, "", document.RootElement), new PolicyPositions(text.Span), file);
        }
        catch (JsonException error)
        {
            // Only a member that stands twice is reported without its line.
            var mistake = error.LineNumber is { } line ? $" at line {line + 1}" : ": a member stands twice";
            throw new AuditException($"The policy '{file}' is no correct JSON{mistake}; correct it.", error);
        }
    }

    private static Policy Read(PolicyMembers content, PolicyPositions positions, string file)
    {
        CheckVersion(content);
        content.RefuseOthers("a policy", "$schema", "version", "minimumEvidence", "rules", "waivers");
        var evidence = RuleReader.MinimumEvidence(content);
        var rules = new List<(PolicyMembers Members, PolicyRule Rule)>();
        PolicySeverity? expired = null;
        foreach (var members in content.Objects("rules"))
        {
            var description = RuleReader.Description(members);
            if (description == RuleCatalog.WaiverExpired)
            {
                if (expired is not null)
                    throw members.Wrong($"is a second rule {description.Name}; keep one of them");
                members.RefuseOthers($"the rule {description.Name}", "rule", "severity");
                expired = RuleReader.Severity(members, description);
                continue;
            }

            var rule = RuleReader.Read(members, description, evidence);
            foreach (var (earlier, other) in rules)
                RefuseContradiction(earlier, other, members, rule);
            rules.Add((members, rule));
        }

        if (rules.Count == 0)
            throw content.Wrong("has no rules; 'policy new' writes some to begin with");
        return new()
        {
            File = file,
            Rules = [.. rules.Select(pair => pair.Rule)],
            Pictures =
            [
                .. rules.Select(pair => pair.Rule).OfType<PictureReportRule>().SelectMany(rule => rule.Pictures),
            ],
            Keys = [.. rules.Select(pair => pair.Rule).OfType<ReportVerifiedRule>().SelectMany(rule => rule.Keys)],
            Waivers = [.. content.Objects("waivers").Select(waiver => Waiver(waiver, positions))],
            ExpiredWaivers = expired ?? RuleCatalog.WaiverExpired.Severity,
        };
    }

    private static void CheckVersion(PolicyMembers content)
    {
        var version =
            content.Number("version") ?? throw content.Wrong($"has no 'version'; write \"version\": {Policy.Version}");
        if (version != Policy.Version)
            throw content.Wrong(
                "version",
                $"is {version}; this das-audit reads version {Policy.Version}: take another das-audit, or write it so"
            );
    }

    private static void RefuseContradiction(
        PolicyMembers earlier,
        PolicyRule other,
        PolicyMembers members,
        PolicyRule rule
    )
    {
        var contradicts = (other, rule) switch
        {
            (HolderShareRule a, HolderShareRule b) => a.Overlaps(b),
            (AttributionLicenseRule a, AttributionLicenseRule b) => a.Above == b.Above && a.AbovePart == b.AbovePart,
            _ => other.Description == rule.Description,
        };
        if (contradicts)
            throw members.Wrong(
                $"and {earlier.Path} are both the rule {rule.Description.Name} on the same, so they contradict or "
                    + "repeat each other; keep one of them"
            );
    }

    private static Waiver Waiver(PolicyMembers waiver, PolicyPositions positions)
    {
        waiver.RefuseOthers("a waiver", WaiverMembers);
        var (picture, item) = (waiver.Text("picture"), waiver.Text("item"));
        var (holder, report) = (waiver.Text("holder"), waiver.Text("report"));
        var description = RuleReader.Description(waiver);
        if (description == RuleCatalog.WaiverExpired)
            throw waiver.Wrong("rule", "is one that nothing can waive; remove the expired waiver instead");
        if (picture is null && item is null && holder is null && report is null)
            throw waiver.Wrong(
                "would waive the whole rule; say what it is about with picture, item, holder or report, or remove the "
                    + "rule"
            );
        return new()
        {
            Rule = description,
            Picture = picture is null ? null : new(picture),
            Item = item is null ? null : new(item),
            Holder = holder,
            Report = report,
            Reason = waiver.RequiredText("reason", "say why the findings are accepted"),
            By = waiver.RequiredText("by", "name the person who answers for it"),
            Until = waiver.Date("until", "name the last day on which it holds, such as 2027-01-31"),
            Position = positions.Of(waiver.Path),
        };
    }
}
