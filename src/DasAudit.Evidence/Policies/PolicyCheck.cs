namespace DasAudit.Evidence.Policies;

/// <summary>Asks a policy about reports, datasets, pictures and models, and keeps what hits it.</summary>
/// <param name="now">When, which decides whether waivers have expired.</param>
internal sealed class PolicyCheck(Policy policy, DateTimeOffset now)
{
    private readonly List<PolicyFinding> _findings = [];
    private readonly List<Waiver> _waivers = [.. policy.Waivers.Where(waiver => !waiver.HasExpired(now))];

    /// <summary>What was asked about: how many reports, pictures, datasets and models.</summary>
    internal CheckedCounts Counts { get; private set; } = new();

    /// <summary>Checks a report.</summary>
    internal void Add(CheckedReport report)
    {
        Counts = Counts with { Reports = Counts.Reports + 1 };
        _findings.AddRange(Waived(FindingsOf(policy, report)));
    }

    /// <summary>Takes findings of many reports, which <see cref="FindingsOf"/> gave.</summary>
    internal void Add(int reports, IEnumerable<PolicyFinding> findings)
    {
        Counts = Counts with { Reports = Counts.Reports + reports };
        _findings.AddRange(Waived(findings));
    }

    /// <summary>Checks a dataset.</summary>
    internal void Add(CheckedDataset dataset)
    {
        Counts = Counts with { Datasets = Counts.Datasets + 1 };
        _findings.AddRange(Waived(policy.Rules.OfType<IDatasetRule>().SelectMany(rule => rule.Check(dataset))));
    }

    /// <summary>Checks a picture file.</summary>
    internal void Add(CheckedPicture picture)
    {
        Counts = Counts with { Pictures = Counts.Pictures + 1 };
        _findings.AddRange(Waived(policy.Rules.OfType<IPictureRule>().SelectMany(rule => rule.Check(picture))));
    }

    /// <summary>Checks a model.</summary>
    internal void Add(CheckedModel model)
    {
        Counts = Counts with { Models = Counts.Models + 1 };
        _findings.AddRange(Waived(policy.Rules.OfType<IModelRule>().SelectMany(rule => rule.Check(model))));
    }

    /// <summary>What hits a policy in a report, whatever is waived. May be asked by several threads at once.</summary>
    internal static IReadOnlyList<PolicyFinding> FindingsOf(Policy policy, CheckedReport report) =>
        [.. policy.Rules.OfType<IReportRule>().SelectMany(rule => rule.Check(report))];

    /// <summary>All, by file and rule, and then what hits because of the policy itself.</summary>
    internal PolicyOutcome Outcome()
    {
        var findings = _findings
            .OrderBy(finding => finding.Subject.File, StringComparer.Ordinal)
            .ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal);
        var expired = policy.Waivers.Where(waiver => waiver.HasExpired(now)).Select(Expired);
        return new(policy, Counts, [.. findings, .. expired]);
    }

    private IEnumerable<PolicyFinding> Waived(IEnumerable<PolicyFinding> findings) =>
        findings.Select(finding => finding with { Waiver = _waivers.Find(waiver => waiver.Covers(finding)) });

    private PolicyFinding Expired(Waiver waiver) =>
        new()
        {
            Rule = RuleCatalog.WaiverExpired,
            Severity = policy.ExpiredWaivers,
            Message =
                $"The waiver of {waiver.Rule.Id} by {waiver.By} ({waiver.Reason.TrimEnd('.')}) held until "
                + $"{waiver.UntilText} and waives nothing now. {RuleCatalog.WaiverExpired.Remedy}",
            Subject = new()
            {
                File = policy.File,
                Line = waiver.Position.Line,
                Column = waiver.Position.Column,
                Waiver = $"{waiver.Rule.Id}, {waiver.Words}",
            },
        };
}
