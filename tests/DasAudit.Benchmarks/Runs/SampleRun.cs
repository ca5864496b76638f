using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Benchmarks.Runs;

/// <summary>The sample that comes with the tool, as a request.</summary>
internal static class SampleRun
{
    /// <summary>The sample's folder.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "sample");

    /// <summary>The sample's model; the caller disposes it.</summary>
    public static IDiffusionModel LoadModel() => GradientModels.LoadFolder(Path.Combine(Folder, "model"), new());

    /// <summary>The sample's training pictures as a model takes them.</summary>
    public static ModelPicture[] Members(TrainingSet set, ImageShape shape) =>
        [.. set.Items.Select(item => new ModelPicture(item.Path, () => PictureTensor.ToValues(set.Read(item), shape)))];

    /// <summary>An audit of the first generated pictures against all training pictures.</summary>
    /// <param name="images">How many; 0 for the features of the dataset.</param>
    /// <param name="features">Folder of feature stores; null to keep none.</param>
    public static AuditRequest Request(int images, string? features) =>
        new()
        {
            Inputs = new()
            {
                Images = [.. Generated().Take(images)],
                Model = new(new DiffusersAdapter(), "benchmark", "", Path.Combine(Folder, "model"), Folder),
                Dataset = Path.Combine(Folder, "dataset"),
            },
            Options = new() { Candidates = new() { Limit = null } },
            Machine = new()
            {
                Threads = Environment.ProcessorCount,
                Features = features is null ? null : FeatureFolders.Under(features),
            },
            Provenance = new(new("benchmark", ""), new("", "", "", "cpu", Environment.ProcessorCount)),
        };

    private static IEnumerable<string> Generated() =>
        Directory.GetFiles(Path.Combine(Folder, "generated"), "*.png").Order(StringComparer.Ordinal);
}
