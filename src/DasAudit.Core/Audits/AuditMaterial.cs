using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Audits;

/// <summary>What an audit has at hand once everything is read and nothing is selected.</summary>
/// <param name="Retrained">Losses under retrained models; null where no method looks at them.</param>
internal sealed record AuditMaterial(
    AuditPlan Plan,
    AuditedModel Model,
    PicturePool Pool,
    NullQueries NullQueries,
    RetrainedLosses? Retrained
)
{
    /// <summary>Reads the training pictures and decoys; refuses a decoy that is a training picture.</summary>
    /// <param name="takesCaptions">Whether the model does, so that captions must be there.</param>
    public static PicturePool LoadPool(AuditRequest request, bool takesCaptions, AuditStages stages)
    {
        var inputs = request.Inputs;
        var shown = inputs.ShownDatasetOptions;
        shown = shown with { Captions = shown.Captions with { Needed = takesCaptions } };
        var decoys = inputs.Decoys is null
            ? null
            : stages.Run("decoys", () => LoadDecoys(request, inputs.Decoys, shown, stages));
        var options = DecoySource.MemberOptions(inputs.Decoys, shown);
        var members = stages.Run("dataset", () => Load(request, inputs.Dataset, options, stages));
        if (decoys is null)
            return PicturePool.Of(members);
        var source = DecoySource.Describe(inputs.Decoys!);
        if (takesCaptions)
            CaptionRequirement.CheckDecoys(members, decoys, source, shown);
        return PicturePool.Of(members, decoys, source);
    }

    /// <summary>The losses of all queries under retrained models; null where no method looks at them.</summary>
    public static RetrainedLosses? LoadRetrained(
        AuditPlan plan,
        AuditedModel model,
        PicturePool pool,
        IReadOnlyList<QueryPicture> pictures,
        NullQueries nullQueries,
        AuditStages stages
    )
    {
        if (!plan.Retrained)
            return null;
        var inputs = plan.Request.Inputs;
        var models = RetrainedSet.Find(plan.Options.Methods, inputs.Retrained, plan.Request.Resolve);
        RetrainedSet.Check(models, pool.Members, inputs.Dataset);
        var engine = new RetrainedLossEngine(model, plan.Options.Gradients, plan.Request.Machine.Threads);
        var audited = pictures.Select(picture => picture.For(model.Model, inputs).In(plan.Region?.Sample));
        var queries = audited.Concat(nullQueries.All.Select(query => query.Input));
        return stages.Run(
            "retrained models",
            () => engine.Compute(models, queries, stages.Progress, stages.Cancellation)
        );
    }

    private static TrainingSet LoadDecoys(
        AuditRequest request,
        string source,
        TrainingSetOptions shown,
        AuditStages stages
    )
    {
        var (path, options) = DecoySource.Location(source, request.Inputs.Dataset, shown);
        return Load(request, path, options, stages);
    }

    private static TrainingSet Load(
        AuditRequest request,
        string path,
        TrainingSetOptions options,
        AuditStages stages
    ) => TrainingSetLoader.Load(request.Resolve(path), options, stages.Progress, stages.Cancellation);
}
