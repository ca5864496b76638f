using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>How diffusers calls files of weights.</summary>
/// <param name="Variant">Such as fp16; null for the plain weights.</param>
/// <param name="IsIndex">Whether it lists the shards that the weights are split into.</param>
internal sealed partial record WeightFile(string Path, string? Variant, bool IsIndex)
{
    /// <summary>The file of plain weights.</summary>
    internal const string Plain = "diffusion_pytorch_model.safetensors";

    internal string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Reads a file's name; null if it is not one of weights, or is one of a shard.</summary>
    internal static WeightFile? Of(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (IsShard(name) || Pattern().Match(name) is not { Success: true } match)
            return null;
        var variant = match.Groups["variant"];
        return new(path, variant.Success ? variant.Value : null, IsIndexName(name));
    }

    /// <summary>A file of weights that was given, whatever its name.</summary>
    internal static WeightFile Given(string path) =>
        Of(path) ?? new(path, null, IsIndexName(System.IO.Path.GetFileName(path)));

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
        @"^diffusion_pytorch_model(?:\.(?<variant>[^.]+))?\.safetensors(?:\.index(?:\.(?<variant>[^.]+))?\.json)?$"
    )]
    private static partial Regex Pattern();

    [GeneratedRegex(@"-\d+-of-\d+(?:\.[^.]+)?\.safetensors$")]
    private static partial Regex Shard();

    [GeneratedRegex(@"\.safetensors\.index(?:\.[^.]+)?\.json$")]
    private static partial Regex Index();
}
