using DasAudit.Core.Attribution;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>
/// The audit: queries and a model meet a dataset, a selector keeps the plausible few, what the methods look at is read
/// off the model, the methods turn it into scores, and scores with their circumstances become reports.
/// </summary>
/// <param name="time">Clock of reports and timings.</param>
/// <param name="progress">Told of long stages; may be null.</param>
public sealed class AuditPipeline(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Audits every picture that can be read; each report is the same as if its picture were alone.</summary>
    /// <exception cref="AuditException">
    /// The request cannot be carried out, which is said at once, or, while reports are taken, an input cannot be used.
    /// Nothing is left behind, but for features and hashes that were computed and kept.
    /// </exception>
    public AuditRun Run(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        AuditRefusals.Check(request);
        var stages = new AuditStages(time, progress, cancellation);
        var pictures = stages.Run("queries", () => QueryPictures.Read(request));
        stages.Progress.Notify(pictures.Refused.Select(picture => picture.Reason));
        var region = AuditedRegion.Find(request, pictures.Readable);
        return new(pictures.Refused, Audit(request, pictures.Readable, region, stages));
    }

    private IEnumerable<StoredReport> Audit(
        AuditRequest request,
        IReadOnlyList<QueryPicture> pictures,
        PictureRegion? region,
        AuditStages stages
    )
    {
        using var session = AuditSession.Open(request, pictures, region, stages);
        if (session.Queries.Count == 0)
            yield break;
        using var inputs = stages.Run("gradients", session.ReadInputs);
        var builder = new ReportBuilder(session.Material) { Passes = inputs.Passes };
        foreach (var query in session.Queries)
        {
            var scores = stages.Run("attribution", () => Score(session.Plan, inputs, query, stages.Cancellation));
            yield return builder.Build(query, scores, inputs.Notes, time.GetUtcNow(), stages.Seconds);
        }
    }

    private static IReadOnlyList<MethodScores> Score(
        AuditPlan plan,
        MethodInputReader inputs,
        AuditQuery query,
        CancellationToken cancellation
    )
    {
        var scores = new List<MethodScores>();
        foreach (var method in plan.Options.Methods)
        {
            var reported = method == plan.Options.ReportedMethod;
            var options = plan.Options.Method with
            {
                WithCurve = reported,
                WithRefits = reported && plan.Options.Subset > 0,
            };
            scores.Add(method.Score(inputs.For(method, query), options, cancellation));
        }

        return scores;
    }
}
