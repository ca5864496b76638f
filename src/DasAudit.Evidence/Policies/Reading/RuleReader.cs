using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Policies.Rules;

namespace DasAudit.Evidence.Policies.Reading;

/// <summary>Reads one rule of a policy, and refuses what can never be hit, or never be kept.</summary>
internal static class RuleReader
{
    private const string Evidence = "minimumEvidence";

    internal static readonly IReadOnlyList<(string Word, PolicySeverity Meaning)> Severities =
    [
        ("error", PolicySeverity.Error),
        ("warning", PolicySeverity.Warning),
        ("note", PolicySeverity.Note),
    ];

    private static readonly IReadOnlyList<(string Word, EvidenceStrength Meaning)> Words =
    [
        ("weak", EvidenceStrength.Weak),
        ("moderate", EvidenceStrength.Moderate),
        ("strong", EvidenceStrength.Strong),
    ];

    /// <summary>What a rule is.</summary>
    internal static RuleDescription Description(PolicyMembers rule)
    {
        var text = rule.RequiredText("rule", "name one, as 'policy explain' lists them");
        return RuleCatalog.Find(text)
            ?? throw rule.Wrong(
                "rule",
                $"is '{text}', which is no rule; there are {string.Join(", ", RuleCatalog.All.Select(r => r.Name))}"
            );
    }

    /// <summary>The severity of a rule.</summary>
    internal static PolicySeverity Severity(PolicyMembers rule, RuleDescription description) =>
        rule.Word("severity", [.. Severities]) ?? description.Severity;

    /// <summary>The least evidence with which rules keep their severity; null for any.</summary>
    internal static EvidenceStrength? MinimumEvidence(PolicyMembers members) => members.Word(Evidence, [.. Words]);

    /// <summary>Reads a rule.</summary>
    /// <param name="usual">The least evidence where the rule does not say.</param>
    internal static PolicyRule Read(PolicyMembers rule, RuleDescription description, EvidenceStrength? usual)
    {
        rule.RefuseOthers(
            $"the rule {description.Name}",
            ["rule", "severity", .. description.Members.Select(member => member.Name)]
        );
        var severity = Severity(rule, description);
        var evidence = description.Members.Any(member => member.Name == Evidence)
            ? MinimumEvidence(rule) ?? usual
            : null;
        return Read(rule, description, severity) with { MinimumEvidence = evidence };
    }

    private static PolicyRule Read(PolicyMembers rule, RuleDescription description, PolicySeverity severity) =>
        description.Name switch
        {
            "attribution-license" => AttributionLicense(rule, severity),
            "holder-share" => new HolderShareRule
            {
                Severity = severity,
                Above = rule.Part("above", "share") ?? throw rule.Wrong("has no 'above': the largest allowed share"),
                Holders = rule.Texts("holders", "so the rule can never be hit; name a rights holder, or leave it out"),
            },
            "attribution-opt-out" => new AttributionOptOutRule
            {
                Severity = severity,
                Conditions = rule.Flag("conditions"),
            },
            "dataset-license" => DatasetRule.License(severity),
            "dataset-contradiction" => DatasetRule.Contradiction(severity),
            "dataset-opt-out" => DatasetRule.OptOut(severity, rule.Flag("conditions")),
            "picture-report" => new PictureReportRule
            {
                Severity = severity,
                Pictures = rule.Texts("pictures", "so no picture is shipped; write a pattern, or leave it out") ?? [],
            },
            "report-verified" => new ReportVerifiedRule
            {
                Severity = severity,
                Keys = rule.Texts("keys", "so no key can have signed; name a file, or leave it out") ?? [],
            },
            "report-current" => new ReportCurrentRule { Severity = severity },
            "model-evaluated" => new ModelEvaluatedRule
            {
                Severity = severity,
                Evaluations = rule.Texts("evaluations", "so none is asked for; name one, or leave it out") ?? [],
            },
            _ => throw new InvalidOperationException($"The rule {description.Name} is not read."),
        };

    private static AttributionLicenseRule AttributionLicense(PolicyMembers rule, PolicySeverity severity)
    {
        var licenses =
            rule.Texts("licenses", "so no picture can keep the rule; name an allowed licence")
            ?? throw rule.Wrong("has no 'licenses': the allowed ones");
        if (rule.Has("above") && rule.Has("abovePart"))
            throw rule.Wrong("has both 'above' and 'abovePart'; keep one of them");
        var above = rule.Number("above");
        if (above < 0)
            throw rule.Wrong("above", "is below 0, where pictures are that nothing is owed to; write 0 or more");
        return new()
        {
            Severity = severity,
            Licenses = AllowedLicenses.Of(
                licenses,
                (index, problem) => rule.Wrong(PolicyMembers.Element("licenses", index), $"is wrong: {problem}")
            ),
            Above = above ?? 0,
            AbovePart = rule.Part("abovePart", "score"),
        };
    }
}
