using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>
/// A model and pictures that have met a dataset: everything is read and selected, nothing is read off the model yet.
/// </summary>
internal sealed class AuditSession : IDisposable
{
    private readonly AuditStages _stages;

    private AuditSession(AuditMaterial material, IReadOnlyList<AuditQuery> queries, AuditStages stages)
    {
        (Material, Queries, _stages) = (material, queries, stages);
    }

    public AuditMaterial Material { get; }

    /// <summary>The audited pictures, each with what it is held against.</summary>
    public IReadOnlyList<AuditQuery> Queries { get; }

    public AuditPlan Plan => Material.Plan;

    /// <summary>Loads the model and the dataset, and selects candidates.</summary>
    /// <param name="pictures">The audited ones, read.</param>
    /// <param name="region">The part of each that is asked about; null for all.</param>
    /// <exception cref="AuditException">An input cannot be used.</exception>
    public static AuditSession Open(
        AuditRequest request,
        IReadOnlyList<QueryPicture> pictures,
        PictureRegion? region,
        AuditStages stages
    )
    {
        var model = stages.Run("model", () => AuditedModel.Load(request.Inputs.Model, request.Machine.Device));
        try
        {
            return Open(request, model, pictures, region, stages);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Computes or reads what the methods look at.</summary>
    public MethodInputReader ReadInputs() => MethodInputReader.Read(Material, Queries, _stages);

    public void Dispose() => Material.Model.Dispose();

    private static AuditSession Open(
        AuditRequest request,
        AuditedModel model,
        IReadOnlyList<QueryPicture> pictures,
        PictureRegion? region,
        AuditStages stages
    )
    {
        AuditRefusals.CheckModel(request, model.Model);
        AuditRefusals.CheckClasses(request.Inputs, model.Model);
        AuditRefusals.CheckSampling(request, model.Model, pictures);
        var plan = AuditPlan.Of(request, model, region);
        stages.Progress.Notify(plan.Assumptions);
        if (model.Model.TakesCaptions())
            stages.Progress.Notify(pictures.SelectMany(picture => picture.Prompt.Notes));
        var pool = AuditMaterial.LoadPool(request, model.Model.TakesCaptions(), stages);
        pictures = Uncovered(pictures, new(plan, model, pool), stages);
        var nullQueries = NullQueries.Load(request, model.Model, pictures, stages, plan.Region?.Sample);
        var selector = new QuerySelector(plan, model, pool, stages);
        var retrained = AuditMaterial.LoadRetrained(plan, model, pool, pictures, nullQueries, stages);
        var material = new AuditMaterial(plan, model, pool, nullQueries, retrained);
        var queries = stages.Run("candidates", () => selector.Select(pictures, nullQueries));
        return new(material, queries, stages);
    }

    private static IReadOnlyList<QueryPicture> Uncovered(
        IReadOnlyList<QueryPicture> pictures,
        EarlierReports earlier,
        AuditStages stages
    )
    {
        if (earlier.Asks && !earlier.CanBeCompared)
            stages.Progress.Notify([EarlierReports.NothingToCompare]);
        if (earlier.Asks)
            pictures = [.. pictures.DistinctBy(picture => (picture.Picture.Sha256, picture.Label))];
        List<QueryPicture> uncovered = [.. pictures.Where(picture => !earlier.Cover(picture))];
        if (uncovered.Count < pictures.Count)
            stages.Progress.Notify([
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {pictures.Count} pictures {pictures.Count - uncovered.Count} need no audit: "
                ) + "there are reports on them, under the same settings.",
            ]);
        return uncovered;
    }
}
