using System.Globalization;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>Holds what a picture says of its model and LoRAs against what is audited.</summary>
internal static class GenerationClaims
{
    private static readonly string[] Endings = [".safetensors", ".ckpt", ".pt", ".bin"];

    /// <summary>What does not agree, in sentences.</summary>
    /// <param name="knownBy">
    /// Gives the audited model's hash, as other programs have it: <see cref="ModelSource.KnownBy"/>.
    /// </param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    public static IEnumerable<string> Check(
        GenerationFacts facts,
        ModelSource source,
        Func<string> knownBy,
        int width,
        int height
    )
    {
        if (ModelClaim(facts, source, knownBy) is { } claim)
            yield return claim;
        var given = source.Loras.Select(lora => Stem(lora.Path)).ToHashSet(StringComparer.Ordinal);
        var mentioned = facts.Loras.Select(lora => Stem(lora.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var lora in facts.Loras.Where(lora => !given.Contains(Stem(lora.Name))))
            yield return $"The picture says that it was made with the LoRA '{lora.Name}'{Weight(lora)}, which was not "
                + "given.";
        foreach (var lora in source.Loras.Where(lora => mentioned.Count > 0 && !mentioned.Contains(Stem(lora.Path))))
            yield return $"The picture names the LoRAs that it was made with, and '{lora.Path}' is none of them.";
        if (facts.Size is { } size && size != (width, height))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The picture says that it was made at {size.Width}×{size.Height}, and measures {width}×{height}."
            );
    }

    // Of a hash, programs write the first ten digits, and older ones eight of another kind, which decide nothing.
    private static string? ModelClaim(GenerationFacts facts, ModelSource source, Func<string> knownBy)
    {
        if (facts.ModelHash is { Length: >= 10 } hash)
        {
            var known = knownBy();
            return known.StartsWith(hash, StringComparison.Ordinal)
                ? null
                : $"The picture says that it was made with a model of the hash {hash}, and that of the audited one, "
                    + $"'{source.Path}', is {known[..Math.Min(hash.Length, known.Length)]}.";
        }

        return facts.Model is { Length: > 0 } model && Stem(model) != Stem(source.Path)
            ? $"The picture says that it was made with the model '{model}'; whether that is the audited one, "
                + $"'{source.Path}', was not checked."
            : null;
    }

    private static string Weight(MentionedLora lora) =>
        lora.Weight is { } weight ? string.Create(CultureInfo.InvariantCulture, $" at the weight {weight}") : "";

    // Programs write names with and without folders and endings.
    private static string Stem(string name)
    {
        var last = name.TrimEnd('/', '\\');
        last = last[(last.LastIndexOfAny(['/', '\\']) + 1)..];
        var ending = Array.Find(Endings, ending => last.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return (ending is null ? last : last[..^ending.Length]).ToLowerInvariant();
    }
}
