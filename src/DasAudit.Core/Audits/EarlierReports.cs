using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>
/// Which pictures need no audit, because a report says what an audit would say again: on the same picture, weights,
/// training pictures and decoys, by the same methods under the same settings. Machines, places and times do not count.
/// </summary>
internal sealed class EarlierReports(AuditPlan plan, AuditedModel model, PicturePool pool)
{
    /// <summary>Whether pictures are left out that need no audit; then copies of a file need one report.</summary>
    public bool Asks => Request.Earlier is not null;

    private AuditRequest Request => plan.Request;

    private AuditOptions Options => plan.Options;

    // Of these a report does not say enough.
    private bool CanBeCompared =>
        Options is { Region: null, Subset: 0, Background: 0 }
        && Request.Inputs is { NullQueries: null, Retrained: [], QuerySeeds: null };

    /// <summary>Whether one of the request's earlier reports is such a one.</summary>
    public bool Cover(QueryPicture picture)
    {
        if (Request.Earlier is not { } earlier || !CanBeCompared)
            return false;
        return earlier(picture.Picture.Sha256).Any(report => IsOn(report, picture) && HasSettings(report));
    }

    private bool IsOn(AuditReport report, QueryPicture picture)
    {
        var prompt = model.Model.TakesCaptions() ? picture.Prompt.Text : null;
        return report.Query.Sha256 == picture.Picture.Sha256
            && report.Query.Region is null
            && report.Query.Prompt == prompt
            && report.Model.WeightsSha256 == model.WeightsSha256
            && report.Dataset.Root == pool.Members.Root
            && report.Evidence?.Decoys?.Root == pool.Decoys?.Root;
    }

    private bool HasSettings(AuditReport report)
    {
        var (method, gradients) = (report.Method, Options.Gradients);
        var looksAtModel = Options.ReportedMethod.Needs.LooksAtModel;
        var projects = ScoreInfo.Of(Options.ReportedMethod).Projects;
        var damping = new MethodSettings(plan, null, null).DampingRule(Options.ReportedMethod);
        return MethodsOf(report).SequenceEqual(Options.Methods.Select(any => any.Description.Id))
            && method.Seed == gradients.Seed
            && (!looksAtModel || method.Timesteps.SequenceEqual(plan.Timesteps))
            && (method.Replicates == 0 || method.Replicates == gradients.Replicates)
            && (!projects || method.Projection == plan.Projection)
            && (method.DampingValues.Count == 0 || method.Damping == damping)
            && (gradients.Parameters is null || method.Parameters == gradients.Parameters)
            && method.CandidateLimit == Options.Candidates.Limit
            && method.IncludedOwners.SequenceEqual(Options.Candidates.IncludedOwners)
            && method.QueryClass == Request.Inputs.QueryClass
            && report.GroupedBy == Options.GroupBy.Name
            && report.Attributions.Count == Options.Listed(report.Candidates.Count)
            && report.Encoder?.Sha256 == Request.Inputs.Encoder?.Sha256;
    }

    private static IEnumerable<string> MethodsOf(AuditReport report) =>
        report.Comparison is { } comparison ? comparison.Methods.Select(method => method.Id) : [report.Method.Id];
}
