using System.Text.Json.Serialization;

namespace DasAudit.Core.Training;

/// <summary>What is usual beside in training latent models on captions. By default nothing of it is done.</summary>
public abstract record LatentTrainingOptions : KeptStateOptions
{
    /// <summary>γ where <see cref="MinSnrGamma"/> is null: that of the paper.</summary>
    public const double DefaultGamma = 5;

    /// <summary>γ of <see cref="Training.LossWeight.MinSnr"/>, greater than 0; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MinSnrGamma { get; init; }

    /// <summary>
    /// Offset noise: by what an N(0, 1) value of each channel is multiplied before it is added to the noise.
    /// Default 0, none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double NoiseOffset { get; init; }

    /// <summary>
    /// The probability with which a picture's condition is replaced by <see cref="IConditioned.Unconditional"/>, so
    /// that guidance works, 0 … 1. Default 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double CaptionDropout { get; init; }

    /// <summary>The LoRA that is trained on a model whose weights stay. Default null: all are trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NewLora? Lora { get; init; }
}
