using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>What a UNet2DConditionModel is built from, as diffusers names it. Lists have an entry a level.</summary>
internal sealed record UNet2DConditionConfig
{
    /// <summary>Height and width of the latents it was trained with; null if the file does not say.</summary>
    internal (int Height, int Width)? SampleSize { get; init; }
    internal int InChannels { get; init; }
    internal int OutChannels { get; init; }
    internal bool CenterInputSample { get; init; }
    internal required int[] BlockOutChannels { get; init; }
    internal required string[] DownBlockTypes { get; init; }
    internal required string[] UpBlockTypes { get; init; }
    internal bool HasMidBlock { get; init; }
    internal required int[] LayersPerBlock { get; init; }
    internal double MidBlockScaleFactor { get; init; }
    internal int DownsamplePadding { get; init; }
    internal double Dropout { get; init; }
    internal int NormNumGroups { get; init; }
    internal double NormEps { get; init; }
    internal bool ScaleShift { get; init; }

    internal int TimeEmbeddingDim { get; init; }
    internal bool FlipSinToCos { get; init; }
    internal int FreqShift { get; init; }

    /// <summary>Width of the embedding of each of SDXL's time_ids; null for a model without them.</summary>
    internal int? AdditionTimeEmbedDim { get; init; }

    /// <summary>Width of the pooled text embedding and all embedded time_ids together.</summary>
    internal int AdditionInputDim { get; init; }

    internal required int[] CrossAttentionDim { get; init; }
    internal required int[] TransformerLayersPerBlock { get; init; }

    /// <summary>diffusers calls them attention_head_dim.</summary>
    internal required int[] AttentionHeads { get; init; }
    internal required bool[] OnlyCrossAttention { get; init; }
    internal bool UseLinearProjection { get; init; }
    internal bool UpcastAttention { get; init; }

    internal int Levels => BlockOutChannels.Length;

    /// <summary>The embedding of timesteps.</summary>
    internal Sinusoids TimeProjection => new(BlockOutChannels[0], FlipSinToCos, FreqShift);

    internal ResnetSettings Resnets => new(TimeEmbeddingDim, NormNumGroups, NormEps, ScaleShift, Dropout);

    /// <summary>Whether the level has attention in one of its blocks; level 0 is the largest picture.</summary>
    internal bool HasAttention(int level) =>
        DownBlockTypes[level] == ConditionalUnetReader.DownWithAttention
        || UpBlockTypes[^(level + 1)] == ConditionalUnetReader.UpWithAttention
        || (HasMidBlock && level == Levels - 1);

    /// <summary>Reads unet/config.json.</summary>
    internal static UNet2DConditionConfig Read(JsonConfig json) => new ConditionalUnetReader(json).Read();
}
