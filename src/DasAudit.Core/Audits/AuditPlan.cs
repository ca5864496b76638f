using DasAudit.Core.Attribution;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>What an audit computes, for whom and from which passes; pipeline, planner and report read it.</summary>
internal sealed class AuditPlan
{
    private AuditPlan(AuditRequest request, AuditedModel model, FeaturePlan features, AuditedRegion? region)
    {
        Request = request;
        Features = features;
        Region = region;
        Shape = model.Model.PictureShape;
        SampleShape = model.Model.SampleShape;
        TrainTimesteps = model.Model.Process.TrainTimesteps;
        AttributedParameters = CountAttributed(features.Gradients(request.Options.ReportedMethod), model);
        Assumptions = [.. model.Model.Assumptions, .. request.Inputs.Encoder?.Assumptions ?? []];
        Timesteps = features.Gradients(request.Options.ReportedMethod).TimestepGrid(TrainTimesteps);
    }

    public AuditRequest Request { get; }

    public AuditOptions Options => Request.Options;

    public FeaturePlan Features { get; }

    /// <summary>The part of the audited pictures that is asked about; null for all of them.</summary>
    public AuditedRegion? Region { get; }

    /// <summary>Of the model's pictures.</summary>
    public ImageShape Shape { get; }

    /// <summary>Of what the network denoises.</summary>
    public ImageShape SampleShape { get; }

    /// <summary>T.</summary>
    public int TrainTimesteps { get; }

    /// <summary>At which the reported method's gradients are taken.</summary>
    public int[] Timesteps { get; }

    /// <summary>Number of parameters whose gradients are taken.</summary>
    public int AttributedParameters { get; }

    /// <summary>What model and encoder leave open, in sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; }

    /// <summary>How what the reported method looks at is projected, as <c>KIND:DIM</c>.</summary>
    public string Projection => Features.Gradients(Options.ReportedMethod).Projection.ToString();

    /// <summary>Whether a method looks at inner activations.</summary>
    public bool Activations => AnyMethod(needs => needs.Activations);

    /// <summary>Whether a method looks at influences by curvature.</summary>
    public bool Curvature => AnyMethod(needs => needs.Ekfac);

    /// <summary>Whether a method looks at the end of training.</summary>
    public bool Replay => AnyMethod(needs => needs.Replay);

    /// <summary>Whether a method looks at models trained on parts of the dataset.</summary>
    public bool Retrained => AnyMethod(needs => needs.RetrainedModels > 0);

    /// <summary>Whether a method compares embeddings.</summary>
    public bool Embeddings => AnyMethod(needs => needs.Embeddings);

    /// <summary>Most background pictures in each of a query's kernels; null for all training pictures.</summary>
    public int? Background => Options.Methods.Any(HoldsBackground) ? Options.Background : 0;

    /// <summary>Plans an audit; a region is given as pixels of the audited pictures.</summary>
    public static AuditPlan Of(AuditRequest request, AuditedModel model, PictureRegion? region = null)
    {
        var inputs = request.Inputs;
        var features = FeaturePlan.Of(request.Options, inputs.Model, model.Model, inputs.Sampling);
        return new(request, model, features, AuditedRegion.Of(region, model.Model, inputs.DatasetOptions.Resize));
    }

    /// <summary>Whether a method has a kernel that background pictures can be in.</summary>
    public static bool HoldsBackground(IAttributionMethod method)
    {
        var needs = method.Needs;
        if (needs.Activations)
            return true;
        var hasKernel = method.Description.Damping is not null || needs.Features.Any(need => need.LayerBlocks);
        return needs.Features.Count > 0 && hasKernel;
    }

    private static int CountAttributed(GradientOptions gradients, AuditedModel model)
    {
        using var copy = model.Pool.Rent();
        return Gradients
            .AttributedParameters.Select(copy.Model, gradients.Parameters, part: gradients.AttributedPart)
            .Count;
    }

    private bool AnyMethod(Func<MethodNeeds, bool> needs) => Options.Methods.Any(method => needs(method.Needs));
}
