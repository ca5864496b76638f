using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Conformance;

/// <summary>Under which circumstances a tensor of a reference run was made.</summary>
/// <param name="Base">What it is, without them: <c>unet/output</c>.</param>
/// <param name="WithLora">Whether a LoRA was applied.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="FromText">Whether the condition was the run's own embeddings of its prompts.</param>
internal sealed partial record GoldenVariant(string Base, bool WithLora, double Weight, bool FromText)
{
    private const string Lora = "lora/";

    /// <summary>Reads a tensor's name.</summary>
    /// <param name="names">What LoRAs' files are called, so that <c>unet/output_FILE</c> is known.</param>
    public static GoldenVariant Of(string name, IReadOnlyCollection<string> names)
    {
        // Gradients of a LoRA's own parameters.
        if (name.StartsWith(Lora, StringComparison.Ordinal))
            return new(name, WithLora: true, Weight: 1, FromText: false);
        if (names.FirstOrDefault(file => name.EndsWith($"_{file}", StringComparison.Ordinal)) is { } stem)
            return new(name[..^(stem.Length + 1)], WithLora: true, Weight: 1, FromText: false);
        var match = Pattern().Match(name);
        var weight = match.Groups["weight"];
        return new(
            match.Groups["base"].Value,
            match.Groups["lora"].Success,
            weight.Success ? double.Parse(weight.ValueSpan, CultureInfo.InvariantCulture) : 1,
            match.Groups["text"].Success
        );
    }

    [GeneratedRegex(
        @"^(?<base>.+?)((?<lora>_lora)(_scale(?<weight>[0-9]+(\.[0-9]+)?))?)?(?<text>_text)?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
