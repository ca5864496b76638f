using System.Globalization;

namespace DasAudit.Core.Diffusion;

/// <summary>What a picture was made with, as AUTOMATIC1111's web UI writes it into PNG files.</summary>
internal static class PictureParameters
{
    /// <summary>The text of the chunk <c>parameters</c>.</summary>
    /// <param name="modelHash">Hexadecimal; ten digits of it are written.</param>
    public static string Of(
        IDiffusionModel model,
        GuidedCondition condition,
        GeneratorOptions options,
        long seed,
        string modelHash
    )
    {
        var shape = model.PictureShape;
        var negative = condition.Negative?.Caption is { Length: > 0 } text ? $"Negative prompt: {text}\n" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{condition.Condition.Caption}\n{negative}Steps: {options.Steps}, Sampler: {SamplerName(model, options)}, "
                + $"CFG scale: {condition.Scale}, Seed: {seed}, Size: {shape.Width}x{shape.Height}, "
                + $"Model hash: {modelHash[..10]}"
        );
    }

    private static string SamplerName(IDiffusionModel model, GeneratorOptions options)
    {
        var karras = model.Sampling.KarrasSigmas ? " Karras" : "";
        return options.SamplerOf(model) switch
        {
            SamplerKind.Ddim => "DDIM",
            SamplerKind.Ddpm => "DDPM",
            SamplerKind.Euler => "Euler" + karras,
            _ => "DPM++ 2M" + karras,
        };
    }
}
