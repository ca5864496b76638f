using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// diffusers' UNet2DConditionModel of Stable Diffusion 1.x, 2.x and SDXL: its parameters have the names and the order
/// of that library's state dict. Called with samples [N, in_channels, H, W], timesteps [N] of any type, text embeddings
/// [N, S, cross_attention_dim] and, if the configuration asks for them, SDXL's added conditions; returns
/// [N, out_channels, H, W].
/// </summary>
internal sealed class UNet2DConditionModel : nn.Module<Tensor, Tensor, Tensor, AddedConditions?, Tensor>
{
    // Fields stand in the order in which diffusers registers them: registration follows it.
    private readonly Conv2d conv_in;
    private readonly TimestepEmbedding time_embedding;
    private readonly TimestepEmbedding? add_embedding;
    private readonly ModuleList<DownBlock2D> down_blocks;
    private readonly ModuleList<UpBlock2D> up_blocks;
    private readonly MidBlock2D? mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;
    private readonly Sinusoids _timeProjection;
    private readonly Sinusoids _timeIdProjection;

    internal UNet2DConditionModel(UNet2DConditionConfig config)
        : base(nameof(UNet2DConditionModel))
    {
        var channels = config.BlockOutChannels;
        conv_in = Unfilled.Conv2d(config.InChannels, channels[0], 3, padding: 1);
        time_embedding = new TimestepEmbedding(channels[0], config.TimeEmbeddingDim);
        _timeProjection = config.TimeProjection;
        if (config.AdditionTimeEmbedDim is { } width)
        {
            add_embedding = new TimestepEmbedding(config.AdditionInputDim, config.TimeEmbeddingDim);
            _timeIdProjection = _timeProjection with { Channels = width };
        }
        down_blocks = new([.. Enumerable.Range(0, config.Levels).Select(level => new DownBlock2D(config, level))]);
        up_blocks = new([.. Enumerable.Range(0, config.Levels).Select(index => new UpBlock2D(config, index))]);
        if (config.HasMidBlock)
            mid_block = new MidBlock2D(config);
        conv_norm_out = nn.GroupNorm(config.NormNumGroups, channels[0], config.NormEps);
        conv_out = Unfilled.Conv2d(channels[0], config.OutChannels, 3, padding: 1);
        Config = config;
        RegisterComponents();
    }

    /// <summary>What it was built from.</summary>
    internal UNet2DConditionConfig Config { get; }

    /// <summary>Whether it is SDXL's, which is told the pooled text and the picture's framing.</summary>
    internal bool TakesAddedConditions => add_embedding is not null;

    public override Tensor forward(Tensor sample, Tensor timesteps, Tensor text, AddedConditions? added)
    {
        using var scope = NewDisposeScope();
        var time = TimeEmbedding(timesteps);
        if (add_embedding is not null)
            time = time + AddedEmbedding(added ?? throw new ArgumentNullException(nameof(added)));
        // Every block activates it first; once is enough.
        time = nn.functional.silu(time);

        var hidden = conv_in.call(Config.CenterInputSample ? 2 * sample - 1 : sample);
        var skips = new Stack<Tensor>([hidden]);
        foreach (var block in down_blocks)
        {
            foreach (var state in block.call(hidden, time, text))
            {
                skips.Push(state);
                hidden = state;
            }
        }
        if (mid_block is not null)
            hidden = mid_block.call(hidden, time, text);
        foreach (var block in up_blocks)
            hidden = block.call(hidden, time, text, skips);
        return conv_out.call(nn.functional.silu(conv_norm_out.CallRowMajor(hidden))).MoveToOuterDisposeScope();
    }

    /// <summary>The time embedding before others are added, float32 [N, time_embedding_dim], the caller's.</summary>
    internal Tensor TimeEmbedding(Tensor timesteps)
    {
        using var projection = _timeProjection.Of(timesteps);
        return time_embedding.call(projection);
    }

    /// <summary>The embedding of SDXL's added conditions, float32 [N, time_embedding_dim], the caller's.</summary>
    internal Tensor AddedEmbedding(AddedConditions added)
    {
        using var input = AddedInput(added);
        return add_embedding!.call(input);
    }

    /// <summary>
    /// What that is the embedding of, float32 [N, projection_class_embeddings_input_dim], the caller's.
    /// </summary>
    internal Tensor AddedInput(AddedConditions added)
    {
        using var scope = NewDisposeScope();
        var rows = added.TimeIds.shape[0];
        // Each number has an embedding of its own; they stand behind the pooled text, side by side.
        var timeIds = _timeIdProjection.Of(added.TimeIds.flatten()).reshape(rows, -1);
        return cat([added.TextEmbeds, timeIds.to_type(added.TextEmbeds.dtype)], 1).MoveToOuterDisposeScope();
    }

    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        base._to(dtype, non_blocking);
        NestedLayers.To(this, dtype, non_blocking);
        return this;
    }

    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        base._to(deviceType, deviceIndex, non_blocking);
        NestedLayers.To(this, deviceType, deviceIndex, non_blocking);
        return this;
    }

    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        base._to(device, dtype, non_blocking);
        NestedLayers.To(this, device, dtype, non_blocking);
        return this;
    }
}
