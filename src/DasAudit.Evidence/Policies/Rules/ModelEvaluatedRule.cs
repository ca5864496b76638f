namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.ModelEvaluated"/></summary>
internal sealed record ModelEvaluatedRule : PolicyRule, IModelRule
{
    internal override RuleDescription Description => RuleCatalog.ModelEvaluated;

    /// <summary>Commands of evaluations that must be there; empty for any one.</summary>
    internal IReadOnlyList<string> Evaluations { get; init; } = [];

    public IEnumerable<PolicyFinding> Check(CheckedModel model)
    {
        var stored = model.Evaluations ?? [];
        var missing = Evaluations.Except(stored, StringComparer.OrdinalIgnoreCase).ToList();
        var what =
            missing.Count > 0 ? string.Join(" and ", missing)
            : Evaluations.Count == 0 && stored.Count == 0 ? "any"
            : null;
        if (what is null)
            yield break;
        var subject = new FindingSubject { File = model.Path };
        yield return Finding(
            subject,
            $"The store holds no evaluation of the model '{model.Path}'{(what == "any" ? "" : $" by {what}")}."
        );
    }
}
