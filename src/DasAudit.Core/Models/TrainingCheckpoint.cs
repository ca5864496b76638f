using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Models;

/// <summary>
/// A checkpoint that training kept beside the finished model, in <c>checkpoints/STEP</c>, for methods that look back:
/// the averaged weights in the family's layout, the optimiser's second moments, and where in the run it was taken.
/// </summary>
/// <param name="Folder">Absolute path; the adapter loads it as it loads the model.</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Steps">Optimiser steps of the whole run.</param>
internal sealed record TrainingCheckpoint(string Folder, int Step, int Steps, double LearningRate)
{
    private const string InfoFile = "checkpoint.json";
    private const string Schema = "das-audit/checkpoint/1";

    /// <summary>The second moments: a tensor for each parameter, of its name and shape.</summary>
    public string SecondMoments => Path.Combine(Folder, "second-moments.safetensors");

    /// <summary>Where training keeps a checkpoint beside the finished model.</summary>
    internal static string FolderOf(string model, int step) =>
        Path.Combine(model, "checkpoints", step.ToString("0000000", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Writes where in the run the checkpoint was taken: the last file, which makes it a checkpoint.</summary>
    internal void WriteInfo() =>
        AtomicFile.Write(
            Path.Combine(Folder, InfoFile),
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schema = Schema,
                    step = Step,
                    steps = Steps,
                    learningRate = LearningRate,
                }
            )
        );

    /// <summary>The checkpoints of a model, earliest first; none if none were kept.</summary>
    public static IReadOnlyList<TrainingCheckpoint> Of(ModelSource source, IDiffusionModel model) =>
        model is ICheckpointed checkpointed
            ?
            [
                .. checkpointed.Checkpoints.Select(kept => new TrainingCheckpoint(
                    kept.Path,
                    kept.Step,
                    kept.Steps,
                    kept.LearningRate
                )),
            ]
            : Find(source.TrainedFolder);

    /// <summary>The model as it was then: the checkpoint stands for what was trained, a LoRA or the whole.</summary>
    public ModelSource Of(ModelSource model) => model.WithTrained(Folder);

    /// <summary>The checkpoints beside a model at an absolute path, earliest first; none if none were kept.</summary>
    public static IReadOnlyList<TrainingCheckpoint> Find(string model)
    {
        var folder = Path.Combine(model, "checkpoints");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Where(path => File.Exists(Path.Combine(path, InfoFile)))
                    .Select(Read)
                    .OrderBy(checkpoint => checkpoint.Step),
            ]
            : [];
    }

    private static TrainingCheckpoint Read(string folder)
    {
        var path = Path.Combine(folder, InfoFile);
        try
        {
            using var json = JsonDocuments.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            if (root.GetProperty("schema").GetString() == Schema)
                return new(
                    folder,
                    root.GetProperty("step").GetInt32(),
                    root.GetProperty("steps").GetInt32(),
                    root.GetProperty("learningRate").GetDouble()
                );
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            // Said below.
        }

        throw new AuditException(
            $"'{path}' does not say where in training its checkpoint was taken; "
                + "remove that checkpoint's folder, or train again."
        );
    }
}
