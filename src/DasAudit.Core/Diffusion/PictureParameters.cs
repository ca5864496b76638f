using System.Globalization;
using System.Text.RegularExpressions;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Diffusion;

/// <summary>What a picture was made with, as AUTOMATIC1111's web UI writes it into PNG files.</summary>
internal static partial class PictureParameters
{
    /// <summary>The text of the chunk <c>parameters</c>.</summary>
    /// <param name="mentioned">Of its hash, ten digits are written.</param>
    public static string Of(
        IDiffusionModel model,
        GuidedCondition condition,
        GeneratorOptions options,
        long seed,
        MentionedModel mentioned
    )
    {
        var shape = model.PictureShape;
        var prompt = Escaped(condition.Condition.Caption ?? "");
        var negative = condition.Negative?.Caption is { Length: > 0 } text ? $"Negative prompt: {Escaped(text)}\n" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{prompt}\n{negative}Steps: {options.Steps}, Sampler: {SamplerName(model, options.SamplerOf(model))}, "
                + $"CFG scale: {condition.Scale}, Seed: {seed}, Size: {shape.Width}x{shape.Height}, "
                + $"Model hash: {mentioned.Hash[..10]}{InfoLoras.Write(mentioned.Loras)}"
        );
    }

    // Readers take bare brackets for weights, which the model was not given.
    private static string Escaped(string prompt) => Bracket.Replace(prompt, @"\$0");

    [GeneratedRegex(@"[()\[\]]", RegexOptions.CultureInvariant)]
    private static partial Regex Bracket { get; }

    /// <summary>What a picture calls a sampler of a model.</summary>
    public static string SamplerName(IDiffusionModel model, SamplerKind sampler)
    {
        var karras = model.Sampling.KarrasSigmas ? " Karras" : "";
        return sampler switch
        {
            SamplerKind.Ddim => "DDIM",
            SamplerKind.Ddpm => "DDPM",
            SamplerKind.Euler => "Euler" + karras,
            _ => "DPM++ 2M" + karras,
        };
    }
}
