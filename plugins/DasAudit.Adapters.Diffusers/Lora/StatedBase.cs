namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What a file of a LoRA says of the model that it was made for.</summary>
/// <param name="Text">The settings that say it, with their names; null if nothing does.</param>
/// <param name="Kind">Null if it is not told, or is none of the known ones.</param>
/// <param name="PredictsVelocity">Whether the model predicts velocity; null if it is not told.</param>
internal sealed record StatedBase(string? Text, BaseKind? Kind, bool? PredictsVelocity)
{
    private const string Version = "ss_base_model_version";
    private const string Architecture = "modelspec.architecture";
    private const string Prediction = "modelspec.prediction_type";

    private static readonly string[] Told = [Architecture, Version, "ss_sd_model_name", Prediction];

    /// <summary>Reads the metadata that training scripts write.</summary>
    /// <param name="peftBase">PEFT's base_model_name_or_path; null if there is none.</param>
    internal static StatedBase Of(IReadOnlyDictionary<string, string> metadata, string? peftBase)
    {
        var told = Told.Where(metadata.ContainsKey).Select(key => $"{key} {metadata[key]}").ToList();
        if (peftBase is not null)
            told.Add($"base_model_name_or_path {peftBase}");
        var version = metadata.GetValueOrDefault(Version, "");
        var architecture = metadata.GetValueOrDefault(Architecture, "");
        return new(
            told.Count > 0 ? string.Join(", ", told) : null,
            KindOf(version, architecture),
            Velocity(version, architecture, metadata.GetValueOrDefault(Prediction))
        );
    }

    /// <summary>What the file says, to stand in a sentence before its remedy; empty if it says nothing.</summary>
    internal string Clause => Text is null ? "" : $"; the file says that it was made for {Text}";

    /// <summary>Refuses a file for another architecture.</summary>
    internal void RefuseOther(string path, LoraBase model)
    {
        if (Kind is { } kind && (kind == BaseKind.StableDiffusionXl) != model.IsXl)
            throw new AuditException(
                $"'{path}' says that it was made for {kind.Title()} ({Text}), but the model is {model.Title}; give the "
                    + "model that it was made for, or another LoRA."
            );
    }

    /// <summary>Sentences on what it says that the model is not, though it fits.</summary>
    internal IEnumerable<string> Notes(string file, LoraBase model)
    {
        if (Kind is { } kind && model.Kind is { } actual && kind != actual)
            yield return $"{file} says that it was made for {kind.Title()} ({Text}), but the model has the shapes of "
                + $"{actual.Title()}; it was applied all the same.";
        if (PredictsVelocity is { } velocity && velocity != model.PredictsVelocity)
            yield return $"{file} says that it was made for a model that predicts {What(velocity)} ({Text}), but this "
                + $"one predicts {What(model.PredictsVelocity)}; it was applied all the same.";
    }

    private static string What(bool velocity) => velocity ? "velocity" : "noise";

    // As kohya's scripts write them: sd_v1, sd_v2, sd_v2_v, sdxl_base_v1-0; stable-diffusion-xl-v1-base/lora.
    private static BaseKind? KindOf(string version, string architecture)
    {
        if (StartsWith(version, "sdxl") || StartsWith(architecture, "stable-diffusion-xl"))
            return BaseKind.StableDiffusionXl;
        if (StartsWith(version, "sd_v2") || StartsWith(architecture, "stable-diffusion-v2"))
            return BaseKind.StableDiffusion2;
        return StartsWith(version, "sd_v1") || StartsWith(architecture, "stable-diffusion-v1")
            ? BaseKind.StableDiffusion1
            : null;
    }

    private static bool? Velocity(string version, string architecture, string? prediction)
    {
        if (prediction is not null)
            return StartsWith(prediction, "v");
        if (
            version.EndsWith("_v", StringComparison.Ordinal)
            || architecture.Contains("-768-v", StringComparison.Ordinal)
        )
            return true;
        return version is "sd_v1" or "sd_v2" ? false : null;
    }

    private static bool StartsWith(string text, string start) =>
        text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
