using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Training;

namespace DasAudit.Core.Retraining;

/// <summary>The retrained models of an audit, found and checked before anything heavy runs.</summary>
internal static class RetrainedSet
{
    /// <summary>Whether any of some methods looks at retrained models.</summary>
    public static bool Wanted(IEnumerable<IAttributionMethod> methods) =>
        methods.Any(method => method.Needs.RetrainedModels > 0);

    /// <summary>Finds models, enough for each method.</summary>
    /// <param name="methods">Of an audit; one at least looks at retrained models.</param>
    public static IReadOnlyList<RetrainedModel> Find(
        IReadOnlyList<IAttributionMethod> methods,
        IReadOnlyList<string> folders,
        Func<string, string> resolve
    )
    {
        var looking = methods.Where(method => method.Needs.RetrainedModels > 0).ToList();
        if (folders.Count == 0)
            throw RetrainedModels.None(looking[0].Description.Id);
        var models = RetrainedModel.Find(folders, resolve);
        if (looking.FirstOrDefault(method => models.Count < method.Needs.RetrainedModels) is { } method)
            throw RetrainedModels.TooFew(method.Description.Id, method.Needs.RetrainedModels, models.Count);
        return models;
    }

    /// <summary>Refuses models trained on none of the pictures, or on the whole of an unknown dataset.</summary>
    public static void Check(IReadOnlyList<RetrainedModel> models, TrainingSet members, string dataset)
    {
        var hashes = members.Items.Select(item => item.PixelSha256).ToHashSet();
        var background = TrainedDataset.BackgroundOf(members);
        var resize = TrainedDataset.ResizeOf(members);
        var captionHash = new Lazy<string>(() => CaptionHash.Compute(members));
        foreach (var model in models)
        {
            var pictures = model.Record.Pictures;
            if (model.Record.Dataset.Background != background)
                throw new AuditException(
                    $"The retrained model '{model.Path}' was trained on transparent pictures with the background "
                        + $"{model.Record.Dataset.Background ?? "white"}, not {background ?? "white"}; give that as "
                        + $"{Settings.Name("background-color")}, or leave the model out."
                );
            if (model.Record.Dataset.Resize != resize)
                throw new AuditException(
                    $"The retrained model '{model.Path}' was trained on pictures that were resized by "
                        + $"{model.Record.Dataset.Resize ?? "crop"}, not {resize ?? "crop"}; give that as "
                        + $"{Settings.Name("resize-mode")}, or leave the model out."
                );
            if (model.Record.Dataset.CaptionsSha256 is { } captions && captions != captionHash.Value)
                throw new AuditException(
                    $"The retrained model '{model.Path}' was trained on other captions than those of '{dataset}' as it "
                        + "is now; read the captions that it was trained on, or leave the model out."
                );
            if (pictures is null && model.Record.Dataset.Root != members.Root)
                throw new AuditException(
                    $"The retrained model '{model.Path}' was trained on the whole of a dataset that is not "
                        + $"'{dataset}' as it is now, "
                        + "so it is not known which of these pictures it saw; leave it out, or train it again with "
                        + $"{Settings.Name("part")}."
                );
            if (pictures is not null && !pictures.Any(hashes.Contains))
                throw new AuditException(
                    $"The retrained model '{model.Path}' was trained on another dataset: none of its {pictures.Count} "
                        + $"pictures is in '{dataset}'; {RetrainedModels.Remedy}."
                );
        }
    }

    /// <summary>What a reader must know about how the models were trained.</summary>
    /// <param name="root">Merkle root of the training set.</param>
    public static IEnumerable<string> Notes(IReadOnlyList<RetrainedModel> models, string root)
    {
        var changed = models.Count(model => model.Record.Dataset.Root != root);
        if (changed > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{changed} of the {models.Count} retrained models were trained when the dataset held other "
                    + $"pictures; those that it did not hold count as not seen."
            );
        var settings = DifferingSettings([.. models.Select(model => model.Record.Options)]).ToList();
        if (settings.Count > 0)
            yield return $"The retrained models differ in more than what they saw: {string.Join(", ", settings)}; "
                + "what that does to the loss is in the scores.";
    }

    // Seeds and what is kept on the way are no such difference.
    private static IEnumerable<string> DifferingSettings(IReadOnlyList<TrainingOptions> models)
    {
        if (Differ(options => options.Part))
            yield return "the size of the part";
        if (Differ(options => options.Steps))
            yield return "steps";
        if (Differ(options => options.BatchSize))
            yield return "pictures a step";
        if (Differ(OptimiserSettings))
            yield return "the optimiser's settings";
        if (Differ(options => options.EmaDecay))
            yield return "the moving average of the weights";
        if (Differ(options => (options.LossWeight, options.MinSnrGamma)))
            yield return "the weight of timesteps";
        if (Differ(options => options.NoiseOffset))
            yield return "the offset of the noise";
        if (Differ(options => options.CaptionDropout))
            yield return "how often captions are left out";
        if (Differ(options => options.Lora is null ? null : options.Lora with { Seed = 0 }))
            yield return "the LoRA";

        bool Differ<T>(Func<TrainingOptions, T> setting) => models.Select(setting).Distinct().Skip(1).Any();
    }

    private static object OptimiserSettings(TrainingOptions options) =>
        (
            options.LearningRate,
            options.FinalLearningRate,
            options.WarmupSteps,
            options.Beta2,
            options.WeightDecay,
            options.GradientClip
        );
}
