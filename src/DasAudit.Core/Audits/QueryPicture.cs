using System.Globalization;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>A picture to audit.</summary>
/// <param name="Index">Its place among the audited pictures.</param>
/// <param name="Path">Its file, as given.</param>
/// <param name="Seed">The seed it is said to have been generated from; null if none is known.</param>
internal sealed record QueryPicture(int Index, string Path, HashedPicture Picture, long? Seed)
{
    private const string GeneratedPrefix = "seed-";

    private readonly Lazy<QueryPrompt>? _prompt;

    /// <summary>The prompt, for models that take captions; the file's texts are read when it is first asked for.</summary>
    public QueryPrompt Prompt => _prompt?.Value ?? QueryPrompt.Unknown;

    public static QueryPicture Read(AuditRequest request, string path, int index)
    {
        var background = request.Inputs.DatasetOptions.Background;
        var full = request.Resolve(path);
        var picture = PictureReader.Read(full, path, background: background);
        return new(index, path, picture, SeedOf(request, index), request.Inputs.Prompt, full);
    }

    private QueryPicture(int index, string path, HashedPicture picture, long? seed, string? prompt, string full)
        : this(index, path, picture, seed) => _prompt = new(() => QueryPrompt.Of(prompt, full, path));

    /// <summary>The seed that was given, or stands in the name, or, for methods that follow it, in the file.</summary>
    public static long? SeedOf(AuditRequest request, int index)
    {
        var inputs = request.Inputs;
        var path = inputs.Images[index];
        if ((inputs.QuerySeeds?[index] ?? SeedInName(path)) is { } seed)
            return seed;
        return request.Options.Methods.Any(method => method.Needs.Trajectory)
            ? SeedInFile(request.Resolve(path), path)
            : null;
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
        return KeyedPicture.Of(model, Path, Picture, inputs.QueryClass, prompt, inputs.DatasetOptions.Resize);
    }

    private static long? SeedInFile(string full, string path) =>
        GenerationReader.Read(full, path).Facts?.Seed is { } seed and >= long.MinValue and <= long.MaxValue
            ? (long)seed
            : null;
}
