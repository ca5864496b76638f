using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;

namespace DasAudit.Core.Audits;

/// <summary>
/// Refuses audits: by their request and a look at which files there are, before a picture is read; and by the model,
/// once it is loaded.
/// </summary>
internal static class AuditRefusals
{
    public static void Check(AuditRequest request)
    {
        var (inputs, options) = (request.Inputs, request.Options);
        CheckDamping(options);
        _ = new ParameterFilter(options.Gradients.Parameters);
        AttributedParameters.CheckMetric(options.Gradients.Metric, options.Gradients.Projection.Logra);
        foreach (var method in options.Methods)
            CheckNeeds(method, request);
        CheckGradients(options);
        CandidateSelector.CheckLimit(options.Candidates);
        CheckBuckets(request);
        CheckFiles(request);
    }

    /// <summary>Refuses classes for a model that knows none, and audited pictures without one that it needs.</summary>
    public static void CheckClasses(AuditInputs inputs, IDiffusionModel model)
    {
        if (inputs.QueryClasses.Count > 0 && model is not IConditioned { Kind: ConditionKind.ClassLabel })
            throw new AuditException(
                $"The model '{inputs.Model.Path}' knows no classes, so there is nothing that a class could change; "
                    + $"leave out {Settings.Name("class")}."
            );
        var pictures = inputs.Images.Select((path, index) => (path, inputs.ClassOf(index)));
        PictureClasses.Check(model, pictures, $"give {Settings.Name("class")}");
    }

    /// <summary>
    /// Refuses a prompt for a model that takes none, buckets for one that has one shape, and output functions that its
    /// forward process does not have.
    /// </summary>
    public static void CheckModel(AuditRequest request, IDiffusionModel model)
    {
        PictureShapes.Check(model, request.Inputs.DatasetOptions.Resize);
        CheckOutputs(request.Options.Methods, model);
        if (request.Inputs.Prompts != new GivenPrompts() && !model.TakesCaptions())
            throw new AuditException(
                $"The model '{request.Inputs.Model.Path}' takes no captions, so there is nothing that a prompt could "
                    + $"change; leave out {Settings.Name("prompt")} and {Settings.Name("negative-prompt")}."
            );
    }

    /// <summary>Refuses pictures whose sampling a method shall follow and cannot.</summary>
    public static void CheckSampling(AuditRequest request, IDiffusionModel model, IEnumerable<QueryPicture> pictures)
    {
        if (!request.Options.Methods.Any(method => method.Needs.Trajectory))
            return;
        foreach (var picture in pictures)
            picture.SamplingWith(model, request.Inputs.Sampling).CreateSampler(model);
    }

    private static void CheckOutputs(IEnumerable<IAttributionMethod> methods, IDiffusionModel model)
    {
        var needs = methods.SelectMany(method => method.Needs.Features);
        foreach (var function in needs.SelectMany(need => need.Functions).Distinct())
            OutputFunctions.Create(function, model.Process, seed: 0);
    }

    private static void CheckDamping(AuditOptions options)
    {
        foreach (var method in options.Methods.Where(method => method.Description.Damping is not null))
        {
            switch (options.Method.Damping ?? method.Description.Damping)
            {
                case CrossValidation when !method.Needs.TangentTargets:
                    throw CrossValidation.NoTargets(method.Description.Id);
                case Recall when options.Gradients.Replicates < 2:
                    throw Recall.NeedsDraws();
            }
        }
    }

    // What compares pictures place by place needs them in one shape.
    private static void CheckBuckets(AuditRequest request)
    {
        if (request.Inputs.DatasetOptions.Resize != ResizeMode.Bucket)
            return;
        var mode = $"{Settings.Name("resize-mode")} bucket";
        if (request.Options.Region is not null)
            throw new AuditException(
                $"A {Settings.Name("region")} is looked at in pictures of one shape, and {mode} gives them several; "
                    + "leave one of the two out."
            );
        foreach (var method in request.Options.Methods)
            if (method.Needs.Pixels || method.Needs.Activations)
                throw new AuditException(
                    $"The method {method.Description.Id} compares pictures place by place, which needs them in one "
                        + $"shape, and {mode} gives them several; leave the method out or choose another "
                        + $"{Settings.Name("resize-mode")}."
                );
    }

    private static void CheckNeeds(IAttributionMethod method, AuditRequest request)
    {
        var inputs = request.Inputs;
        if (method.Needs.Embeddings && inputs.Encoder is null)
            throw MethodNeeds.NoEncoder(method.Description.Id);
        if (method.Needs.Embeddings && request.Options.Region is not null)
            throw MethodNeeds.NoRegion(method.Description.Id);
        if (method.Needs.Replay)
        {
            if (inputs.NullQueries is not null)
                throw MethodNeeds.NoNullQueries(method.Description.Id);
            KeptState.Check(inputs.Model.TrainedFolder, method.Description.Id);
        }

        var seeds = inputs.Images.Select((_, index) => QueryPicture.SeedOf(request, index));
        if (method.Needs.Trajectory && seeds.Contains(null))
            throw MethodNeeds.NoTrajectory(method.Description.Id);
        if (method.Needs.Trajectory && inputs.Prompts.Negative is not null)
            throw new AuditException(
                $"The method {method.Description.Id} follows the sampling that each picture states, with its own "
                    + $"negative prompt; leave out {Settings.Name("negative-prompt")}."
            );
    }

    private static void CheckGradients(AuditOptions options)
    {
        var (metric, parameters) = (options.Gradients.Metric, options.Gradients.Parameters);
        if (metric is not null && !options.Methods.Any(method => method.Needs.Features.Count > 0))
            throw Useless("metric");
        if (parameters is not null && !options.Methods.Any(method => method.Needs.TakesGradients))
            throw Useless("parameters");

        static AuditException Useless(string setting) =>
            new(
                $"No method that was asked for looks at {Settings.Name(setting)}; leave it out, or add a method of "
                    + "gradients such as das."
            );
    }

    private static void CheckFiles(AuditRequest request)
    {
        var inputs = request.Inputs;
        var members = DecoySource.MemberOptions(inputs.Decoys, inputs.ShownDatasetOptions);
        TrainingSetLoader.CheckExists(request.Resolve(inputs.Dataset), members);
        if (inputs.Decoys is { } decoys)
        {
            var (path, options) = DecoySource.Location(decoys, inputs.Dataset, inputs.ShownDatasetOptions);
            TrainingSetLoader.CheckExists(request.Resolve(path), options);
        }

        if (inputs.NullQueries is { } folder)
            TrainingSetLoader.CheckExists(request.Resolve(folder), inputs.DatasetOptions.ForOther(folder));
        if (RetrainedSet.Wanted(request.Options.Methods))
            RetrainedSet.Find(request.Options.Methods, inputs.Retrained, request.Resolve);
    }
}
