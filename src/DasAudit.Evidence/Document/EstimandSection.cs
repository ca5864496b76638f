namespace DasAudit.Evidence.Document;

/// <summary>What the scores are estimates of, and what not.</summary>
internal static class EstimandSection
{
    /// <summary>Null for reports that do not say it.</summary>
    internal static Section? Of(AuditReport report) =>
        report.Estimand is not { } estimand
            ? null
            : new(
                "What is estimated",
                new Facts([
                    new("Behaviour", Content.Foreign(estimand.Behaviour)),
                    new("Intervention", Content.Foreign(estimand.Intervention)),
                    new("Training", Content.Foreign(estimand.TrainingProcess)),
                    new("Not memorisation", Content.Foreign(estimand.Memorisation)),
                    new("Not membership", Content.Foreign(estimand.Membership)),
                ])
            );
}
