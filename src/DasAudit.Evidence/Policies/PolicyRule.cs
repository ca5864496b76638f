using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Policies;

/// <summary>A rule as a policy has it.</summary>
internal abstract record PolicyRule
{
    /// <summary>What it is.</summary>
    internal abstract RuleDescription Description { get; }

    internal required PolicySeverity Severity { get; init; }

    /// <summary>
    /// Findings on attributions with a weaker evidence word are notes, whatever <see cref="Severity"/>; null for no
    /// such limit.
    /// </summary>
    internal EvidenceStrength? MinimumEvidence { get; init; }

    /// <summary>A finding of the rule.</summary>
    /// <param name="message">What is wrong, without the remedy.</param>
    protected PolicyFinding Finding(FindingSubject subject, string message) =>
        new()
        {
            Rule = Description,
            Severity = Severity,
            Message = $"{message} {Description.Remedy}",
            Subject = subject,
        };

    /// <summary>A finding that rests on an attribution with an evidence word.</summary>
    protected PolicyFinding Finding(FindingSubject subject, string message, EvidenceStrength? evidence)
    {
        var finding = Finding(subject, message);
        if (MinimumEvidence is not { } minimum || (evidence ?? EvidenceStrength.NotEstablished) >= minimum)
            return finding;
        var word = (evidence ?? EvidenceStrength.NotEstablished).Name();
        return finding with
        {
            Severity = PolicySeverity.Note,
            Message =
                $"{message} Its evidence is '{word}', and the policy asks for '{minimum.Name()}' before the rule may "
                + "fail a build.",
        };
    }
}

/// <summary>A rule on reports.</summary>
internal interface IReportRule
{
    IEnumerable<PolicyFinding> Check(CheckedReport report);
}

/// <summary>A rule on datasets.</summary>
internal interface IDatasetRule
{
    IEnumerable<PolicyFinding> Check(CheckedDataset dataset);
}

/// <summary>A rule on picture files.</summary>
internal interface IPictureRule
{
    IEnumerable<PolicyFinding> Check(CheckedPicture picture);
}

/// <summary>A rule on models.</summary>
internal interface IModelRule
{
    IEnumerable<PolicyFinding> Check(CheckedModel model);
}
