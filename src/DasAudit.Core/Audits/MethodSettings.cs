using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Gradients;
using DasAudit.Core.Reports;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Audits;

/// <summary>Says which settings a method's scores were computed under.</summary>
internal sealed class MethodSettings(AuditPlan plan, RetrainedLosses? retrained, MethodPasses? passes)
{
    private const string None = "none";

    /// <summary>The settings of the reported method for a query with this many background pictures.</summary>
    /// <param name="damping">λ of each kernel.</param>
    public MethodInfo Of(IReadOnlyList<double> damping, QueryPicture query, int background)
    {
        var method = plan.Options.ReportedMethod;
        var (description, needs) = (method.Description, method.Needs);
        var gradients = plan.Options.Gradients;
        var info = ScoreInfo.Of(method);
        var holdsBackground = background > 0 && AuditPlan.HoldsBackground(method);
        return new()
        {
            Id = description.Id,
            Seed = gradients.Seed,
            Scores = info,
            OutputFunction = OutputFunction(needs),
            Timesteps = needs.LooksAtModel ? plan.Timesteps : [],
            Passes = passes?.Reported,
            Replicates = description.Scores.Noise == ScoreNoise.None ? 0 : gradients.Replicates,
            Projection = info.Projects ? plan.Projection : None,
            Damping = IsDamped(method, damping) ? DampingRule(method) ?? None : None,
            DampingValues = damping,
            Residual = (description.Residuals ? plan.Options.Method.Residual : ResidualKind.None).Name(),
            Parameters = gradients.Parameters ?? plan.Features.Gradients(method).AttributedPart,
            MetricSha256 = gradients.Metric?.Sha256,
            Precision = Precision(needs),
            CandidateLimit = plan.Options.Candidates.Limit,
            IncludedOwners = plan.Options.Candidates.IncludedOwners,
            Background = holdsBackground ? background : null,
            Retrained = retrained is null ? null : new(retrained.Count, retrained.Sha256),
            QueryClass = query.Label,
        };
    }

    /// <summary>The rule that chose a method's damping; null for a method without.</summary>
    public string? DampingRule(IAttributionMethod method)
    {
        var rule = plan.Options.Method.Damping ?? method.Description.Damping;
        return method.Description.OwnDamping ?? rule?.ToString();
    }

    public static bool IsDamped(IAttributionMethod method, MethodScores scores) => IsDamped(method, scores.Damping);

    private static bool IsDamped(IAttributionMethod method, IReadOnlyList<double> damping) =>
        damping.Count > 0 || method.Description.OwnDamping is not null;

    private static string OutputFunction(MethodNeeds needs)
    {
        if (needs.Features.Count > 0)
            return needs.Features[0].Kinds[0].Function;
        return needs.Ekfac || needs.Replay || needs.RetrainedModels > 0 ? "loss" : None;
    }

    private string? Precision(MethodNeeds needs)
    {
        var precision = plan.Options.Gradients.Precision;
        return precision == GradientPrecision.Full || needs.Features.Count == 0 ? null : precision.Name();
    }
}
