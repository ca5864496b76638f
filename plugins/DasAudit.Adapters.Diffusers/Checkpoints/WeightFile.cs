using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>How diffusers and transformers call files of weights.</summary>
/// <param name="Stem">What its name begins with; null for a given file of another name.</param>
/// <param name="Variant">Such as fp16; null for the plain weights.</param>
/// <param name="IsIndex">Whether it lists the shards that the weights are split into.</param>
internal sealed partial record WeightFile(string Path, string? Stem, string? Variant, bool IsIndex)
{
    /// <summary>The stem of the networks of diffusers.</summary>
    internal const string Diffusers = "diffusion_pytorch_model";

    /// <summary>The stem of the networks of transformers, such as text encoders.</summary>
    internal const string Transformers = "model";

    /// <summary>The file of plain weights of a network of diffusers.</summary>
    internal const string Plain = $"{Diffusers}.safetensors";

    internal string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Reads a file's name; null if it is not one of weights, or is one of a shard.</summary>
    internal static WeightFile? Of(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (IsShard(name) || Pattern().Match(name) is not { Success: true } match)
            return null;
        var variant = match.Groups["variant"];
        return new(path, match.Groups["stem"].Value, variant.Success ? variant.Value : null, IsIndexName(name));
    }

    /// <summary>A file of weights that was given, whatever its name.</summary>
    internal static WeightFile Given(string path) =>
        Of(path) ?? new(path, null, null, IsIndexName(System.IO.Path.GetFileName(path)));

    internal static bool IsShard(string path) => Shard().IsMatch(System.IO.Path.GetFileName(path));

    /// <summary>Whether a file holds safetensors, or lists shards of them.</summary>
    internal static bool IsSafetensors(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        return name.EndsWith(".safetensors", StringComparison.Ordinal) || IsIndexName(name);
    }

    private static bool IsIndexName(string name) => Index().IsMatch(name);

    // The variant stands before the ending; in an index's name before .json, or, as transformers once had it, earlier.
    [GeneratedRegex(
        @"^(?<stem>diffusion_pytorch_model|model)"
            + @"(?:\.(?<variant>[^.]+))?\.safetensors(?:\.index(?:\.(?<variant>[^.]+))?\.json)?$"
    )]
    private static partial Regex Pattern();

    [GeneratedRegex(@"-\d+-of-\d+(?:\.[^.]+)?\.safetensors$")]
    private static partial Regex Shard();

    [GeneratedRegex(@"\.safetensors\.index(?:\.[^.]+)?\.json$")]
    private static partial Regex Index();
}
