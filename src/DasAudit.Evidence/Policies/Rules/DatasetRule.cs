using DasAudit.Core.Datasets.Checks;

namespace DasAudit.Evidence.Policies.Rules;

/// <summary>A rule that is hit by findings of a dataset's check.</summary>
internal sealed record DatasetRule : PolicyRule, IDatasetRule
{
    private static readonly string[] WithoutLicense = ["no-license", "unlisted"];
    private static readonly string[] Contradictions =
    [
        "contradictory-copies",
        "contradictory-dataset-license",
        "contradictory-file-license",
        "contradictory-file-holder",
    ];
    private static readonly string[] OptOuts = ["opt-out"];
    private static readonly string[] OptOutsAndConditions = ["opt-out", "use-conditions"];

    private readonly RuleDescription _description;
    private readonly string[] _kinds;

    private DatasetRule(RuleDescription description, string[] kinds) => (_description, _kinds) = (description, kinds);

    internal override RuleDescription Description => _description;

    /// <summary><see cref="RuleCatalog.DatasetLicense"/></summary>
    internal static DatasetRule License(PolicySeverity severity) =>
        new(RuleCatalog.DatasetLicense, WithoutLicense) { Severity = severity };

    /// <summary><see cref="RuleCatalog.DatasetContradiction"/></summary>
    internal static DatasetRule Contradiction(PolicySeverity severity) =>
        new(RuleCatalog.DatasetContradiction, Contradictions) { Severity = severity };

    /// <summary><see cref="RuleCatalog.DatasetOptOut"/></summary>
    /// <param name="conditions">Whether conditions of use hit it too.</param>
    internal static DatasetRule OptOut(PolicySeverity severity, bool conditions) =>
        new(RuleCatalog.DatasetOptOut, conditions ? OptOutsAndConditions : OptOuts) { Severity = severity };

    // A picture is named once for each kind, however many statements there are.
    public IEnumerable<PolicyFinding> Check(CheckedDataset dataset)
    {
        var told = new HashSet<(string, string)>();
        foreach (var finding in dataset.Findings.Where(finding => _kinds.Contains(finding.Kind)))
        {
            foreach (var group in finding.Groups)
            {
                foreach (var picture in group.Pictures.Where(picture => told.Add((finding.Kind, picture))))
                    yield return Finding(Subject(dataset, finding, picture), Message(finding, group, picture));
            }
        }
    }

    private static FindingSubject Subject(CheckedDataset dataset, Finding finding, string picture) =>
        dataset.SubjectOf(picture) with
        {
            Kind = finding.Kind,
        };

    private static string Message(Finding finding, FindingGroup group, string picture)
    {
        var copies = group.Pictures.Where(copy => copy != picture).Take(3).ToList();
        var beside = finding.Kind == "contradictory-copies" ? $" with {string.Join(", ", copies)}" : "";
        var detail = group.Detail is { } text ? $" ({text})" : "";
        return $"'{picture}' is one of the {finding.Meaning}{beside}{detail}.";
    }
}
