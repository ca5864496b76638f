using System.Text.Json.Serialization;

namespace DasAudit.Abstractions;

/// <summary>A LoRA to train: what is drawn at random has zero effect at first.</summary>
public sealed record NewLora
{
    /// <summary>r, the rank of each change, at least 1. Default 4.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>α; the change is multiplied by α/r. Default 4.</summary>
    public double Alpha { get; init; } = 4;

    /// <summary>Which layers of the denoising network get one. Default: the projections of attention.</summary>
    public LoraModules Modules { get; init; }

    /// <summary>Whether the text encoders' attention gets one too. Default false.</summary>
    public bool TextEncoders { get; init; }

    /// <summary>Seed of the first values. Default 0.</summary>
    public long Seed { get; init; }
}

/// <summary>Which layers of a denoising network get a LoRA.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoraModules>))]
public enum LoraModules
{
    /// <summary>Queries, keys, values and outputs of attention.</summary>
    Attention,

    /// <summary>All linear layers.</summary>
    Linear,

    /// <summary>All linear layers and convolutions.</summary>
    All,
}
