using DasAudit.Core.Attribution;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
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
    /// <summary>Audits every requested picture; each report is the same as if its picture had been alone.</summary>
    /// <returns>One report a picture, in order; each is computed when taken, so it can be stored at once.</returns>
    /// <exception cref="AuditException">
    /// The request cannot be carried out, which is said at once, or, while reports are taken, an input cannot be used.
    /// Nothing is left behind, but for features and hashes that were computed and kept.
    /// </exception>
    public IEnumerable<StoredReport> Run(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        AuditRefusals.Check(request);
        return Audit(request, new AuditStages(time, progress, cancellation));
    }

    private IEnumerable<StoredReport> Audit(AuditRequest request, AuditStages stages)
    {
        var pictures = stages.Run("queries", () => QueryPicture.ReadAll(request));
        using var model = stages.Run("model", () => AuditedModel.Load(request.Inputs.Model, request.Machine.Device));
        stages.Progress.Notify([.. model.Model.Assumptions, .. request.Inputs.Encoder?.Assumptions ?? []]);
        var plan = AuditPlan.Of(request, model);
        var pool = AuditMaterial.LoadPool(request, stages);
        var nullQueries = NullQueries.Load(request, model.Model, pictures, stages);
        var selector = new QuerySelector(plan, model, pool, stages);
        var retrained = AuditMaterial.LoadRetrained(plan, model, pool, pictures, nullQueries, stages);
        var material = new AuditMaterial(plan, model, pool, nullQueries, retrained);

        var queries = stages.Run("candidates", () => selector.Select(pictures, nullQueries));
        using var inputs = stages.Run("gradients", () => MethodInputReader.Read(material, queries, stages));
        var builder = new ReportBuilder(material);
        foreach (var query in queries)
        {
            var scores = stages.Run("attribution", () => Score(plan, inputs, query, stages.Cancellation));
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
