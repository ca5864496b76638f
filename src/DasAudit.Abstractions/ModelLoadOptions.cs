namespace DasAudit.Abstractions;

/// <summary>What <see cref="IModelAdapter.Load"/> shall load.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>The trained model.</summary>
    public static ModelLoadOptions Trained { get; } = new();

    /// <summary>
    /// If set, weights are not read but drawn afresh from this seed (the same seed gives the same weights), and the
    /// checkpoint needs only its configuration. Default: null, the trained weights.
    /// </summary>
    public long? UntrainedSeed { get; init; }

    /// <summary>How a message calls <see cref="Schedule"/>: the tool writes the name of its option there.</summary>
    public const string ScheduleName = "{schedule}";

    /// <summary>
    /// The noise schedule and what the network predicts, instead of what the checkpoint states: the absolute path of a
    /// scheduler's configuration or of a folder that holds one, or a name that the adapter knows. An adapter that
    /// follows it gives its models a <see cref="IDiffusionModel.ScheduleOrigin"/> that says so; the tool refuses a
    /// model that does not. Default: null, what the checkpoint states.
    /// </summary>
    public string? Schedule { get; init; }

    /// <summary>How a message calls <see cref="ModelConfig"/>: the tool writes the name of its option there.</summary>
    public const string ModelConfigName = "{model-config}";

    /// <summary>
    /// What describes a model whose file of weights does not: the absolute path of a folder or file. Default: null,
    /// what lies beside the weights, or what the adapter knows. The tool refuses a model that does not list it among
    /// its <see cref="IDiffusionModel.Files"/>.
    /// </summary>
    public string? ModelConfig { get; init; }

    /// <summary>How a message calls <see cref="Resolution"/>: the tool writes the name of its option there.</summary>
    public const string ResolutionName = "{resolution}";

    /// <summary>
    /// Height and width of the pictures that the model shall take, for families that take several; the tool refuses a
    /// model whose <see cref="IDiffusionModel.PictureShape"/> is another. Default: null, what the checkpoint states.
    /// </summary>
    public int? Resolution { get; init; }

    /// <summary>How a message calls <see cref="Loras"/>: the tool writes the name of its option there.</summary>
    public const string LoraName = "{lora}";

    /// <summary>
    /// The LoRAs to apply, all at once. The tool refuses a model that does not list them among its
    /// <see cref="IDiffusionModel.Files"/>. Default: none.
    /// </summary>
    public IReadOnlyList<LoraFile> Loras { get; init; } = [];

    /// <summary>
    /// A LoRA to train; the model's <see cref="ITrainable.Save"/> then writes it alone. Default: null.
    /// </summary>
    public NewLora? NewLora { get; init; }
}
