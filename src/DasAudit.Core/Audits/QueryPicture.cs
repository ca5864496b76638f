using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>A picture to audit.</summary>
/// <param name="Index">Its place among the audited pictures.</param>
/// <param name="Path">Its file, as given.</param>
/// <param name="Seed">The seed it is said to have been generated from; null if none is known.</param>
/// <param name="Generation">Reads its prompt, when a model that takes captions first asks for it.</param>
internal sealed record QueryPicture(
    int Index,
    string Path,
    HashedPicture Picture,
    long? Seed,
    Lazy<QueryPrompt> Generation
)
{
    private const string GeneratedPrefix = "seed-";

    /// <summary>Its class; null for none.</summary>
    public int? Label { get; init; }

    /// <summary>The prompt that it is looked at under, for models that take captions.</summary>
    public QueryPrompt Prompt => Generation.Value;

    public static QueryPicture Read(AuditRequest request, string path, int index)
    {
        var background = request.Inputs.DatasetOptions.Background;
        var full = request.Resolve(path);
        var picture = PictureReader.Read(full, path, background: background);
        var prompt = new Lazy<QueryPrompt>(() => QueryPrompt.Of(request.Inputs.Prompts, full, path));
        return new(index, path, picture, SeedOf(request, index), prompt) { Label = request.Inputs.ClassOf(index) };
    }

    /// <summary>A picture of a set that was not generated, with the class and caption that the set states.</summary>
    public static QueryPicture Of(IPictureSet set, TrainingItem item, int index)
    {
        var picture = new HashedPicture(set.Read(item), item.Sha256, item.PixelSha256);
        var prompt = new QueryPrompt(item.Caption ?? "", "dataset", null, []);
        return new(index, item.Path, picture, Seed: null, new(prompt)) { Label = item.Label };
    }

    /// <summary>The seed that was given, or stands in the name, or, for methods that follow it, in the file.</summary>
    public static long? SeedOf(AuditRequest request, int index)
    {
        var inputs = request.Inputs;
        return request.Options.Methods.Any(method => method.Needs.Trajectory)
            ? StatedSeedOf(request, index)
            : inputs.QuerySeeds?[index] ?? SeedInName(inputs.Images[index]);
    }

    /// <summary>The seed that was given, or stands in the name, or in the file; null where nothing states it.</summary>
    public static long? StatedSeedOf(AuditRequest request, int index)
    {
        var inputs = request.Inputs;
        var path = inputs.Images[index];
        return inputs.QuerySeeds?[index] ?? SeedInName(path) ?? SeedInFile(request.Resolve(path), path);
    }

    /// <summary>The seed in a name that <c>generate</c> gave, <c>seed-N.png</c>; null for another name.</summary>
    public static long? SeedInName(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!name.StartsWith(GeneratedPrefix, StringComparison.Ordinal))
            return null;
        var digits = name.AsSpan(GeneratedPrefix.Length);
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : null;
    }

    /// <summary>The picture as a model takes it, with its class or prompt.</summary>
    public KeyedPicture For(IDiffusionModel model, AuditInputs inputs)
    {
        var prompt = model.TakesCaptions() ? Prompt.Text : "";
        return KeyedPicture.Of(model, Path, Picture, Label, prompt, inputs.DatasetOptions.Resize);
    }

    /// <summary>How it was sampled, as far as it says.</summary>
    /// <param name="usual">What counts where it says nothing.</param>
    public GeneratorOptions SamplingWith(IDiffusionModel model, GeneratorOptions usual) =>
        QuerySampling.Of(Prompt.Facts, usual, model, Path);

    private static long? SeedInFile(string full, string path) =>
        GenerationReader.Read(full, path).Facts?.Seed is { } seed and >= long.MinValue and <= long.MaxValue
            ? (long)seed
            : null;
}
