namespace DasAudit.Core.Reports;

/// <summary>Of what the scores are estimates, and what they are kept apart from; phrases and sentences.</summary>
/// <param name="Behaviour">What of the model is looked at.</param>
/// <param name="Intervention">What is imagined to be done to its training.</param>
/// <param name="TrainingProcess">For which training the answer holds.</param>
/// <param name="Memorisation">How the scores relate to copies.</param>
/// <param name="Membership">How the scores relate to whether the model saw the pictures at all.</param>
public sealed record EstimandInfo(
    string Behaviour,
    string Intervention,
    string TrainingProcess,
    string Memorisation,
    string Membership
);
