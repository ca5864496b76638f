using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Where the networks of a pipeline folder lie, some of which training may have written elsewhere.</summary>
/// <param name="TextEncoders">In the order in which their embeddings stand side by side.</param>
/// <param name="Notes">Sentences on the parts that are not the pipeline's.</param>
internal sealed record PipelineParts(
    PipelineIndex Index,
    PipelinePart Unet,
    PipelinePart Vae,
    IReadOnlyList<PipelinePart> TextEncoders,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Those of the pipeline itself.</summary>
    internal static PipelineParts Of(PipelineIndex index) =>
        Of(index, PipelinePart.Find(index.Folder, "unet", WeightFile.Diffusers), index.Folder);

    /// <summary>A U-Net that was trained from the pipeline, with the text encoders that were trained with it.</summary>
    /// <param name="trained">The folder in which training wrote them beside the U-Net.</param>
    internal static PipelineParts Of(PipelineIndex index, PipelinePart unet, string trained)
    {
        var folders = index.TextEncoders.ToDictionary(
            name => name,
            name => Directory.Exists(Path.Combine(trained, name)) ? trained : index.Folder
        );
        return new(
            index,
            unet,
            PipelinePart.Find(index.Folder, "vae", WeightFile.Diffusers),
            [.. folders.Select(entry => PipelinePart.Find(entry.Value, entry.Key, WeightFile.Transformers))],
            [
                .. folders
                    .Where(entry => entry.Value != index.Folder)
                    .Select(entry =>
                        $"'{trained}' holds {entry.Key} beside its U-Net; it was taken, not that of '{index.Folder}'."
                    ),
            ]
        );
    }
}
