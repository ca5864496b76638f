namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A published family of models, whose settings the tool knows.</summary>
/// <param name="Name">For a person.</param>
/// <param name="Resource">The YAML with its settings, within the plugin.</param>
/// <param name="ContextWidth">Width of the text that its U-Net attends to.</param>
internal sealed record KnownFamily(string Name, string Resource, long ContextWidth)
{
    private const long ModelChannels = 320;

    private static readonly Dictionary<OriginalFamily, KnownFamily> All = new()
    {
        [OriginalFamily.StableDiffusion1] = new("Stable Diffusion 1.x", "Families.sd1.yaml", 768),
        [OriginalFamily.StableDiffusion2] = new("Stable Diffusion 2.x", "Families.sd2.yaml", 1024),
        [OriginalFamily.StableDiffusionXl] = new("Stable Diffusion XL", "Families.sdxl.yaml", 2048),
    };

    /// <summary>The published settings, if the file has the published sizes.</summary>
    internal static OriginalConfiguration ConfigurationOf(OriginalFile file)
    {
        var family = All[file.Family];
        if (file.ModelChannels != ModelChannels || file.ContextWidth != family.ContextWidth)
            throw new AuditException(
                $"'{file.Path}' has the layout of {family.Name} but other sizes ({file.ModelChannels} channels, "
                    + $"text of width {file.ContextWidth}), and nothing says how many heads it has; give with "
                    + $"{ModelLoadOptions.ModelConfigName} the folder of a diffusers pipeline that does, or the "
                    + "model's original YAML file."
            );
        var (scheduler, note) = SchedulerOf(file);
        var settings = new OriginalSettings(YamlConfig.Parse(file.Path, family.Text()), file);
        var configuration = settings.Configuration(scheduler);
        return configuration with
        {
            SchedulerNote = note,
            Assumptions =
            [
                $"'{file.Path}' holds weights alone; by their sizes they are of {family.Name}, whose published "
                    + "settings were taken.",
                .. configuration.Assumptions,
            ],
        };
    }

    /// <summary>The schedule that a file has if nothing beside it states one, and a sentence that says so.</summary>
    internal static (OriginalScheduler Scheduler, string Note) SchedulerOf(OriginalFile file)
    {
        var markers = PredictionMarkers.Of(file);
        // Most models of 2.x that are in use are of the second training, for 768 pixels.
        var isVersion2 = file.Family == OriginalFamily.StableDiffusion2;
        var usual = isVersion2 ? PredictionMarkers.Velocity : PredictionMarkers.Epsilon;
        var scheduler = new OriginalScheduler
        {
            Prediction = markers.Prediction ?? usual,
            ZeroTerminalSnr = markers.ZeroTerminalSnr,
        };
        var note = markers.Prediction is null
            ? $"No file states the noise schedule of '{file.Path}' and what its U-Net predicts; betas "
                + $"{scheduler.Description} and the prediction type {usual} were assumed, and if that is wrong, the "
                + $"scores mislead: say with {ModelLoadOptions.ScheduleName} what it was trained with."
            : $"The U-Net of '{file.Path}' has the prediction type {markers.Prediction}, as {markers.Where} says; no "
                + $"file states its noise schedule, and betas {scheduler.Description} were assumed.";
        return (scheduler, note);
    }

    private string Text()
    {
        using var stream = typeof(KnownFamily).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
