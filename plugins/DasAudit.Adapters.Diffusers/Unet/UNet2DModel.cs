using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>
/// diffusers' UNet2DModel: its parameters have the names and the order of that library's state dict. Called with
/// samples [N, C, H, W], int64 timesteps [N] and, if it has a class embedding, int64 labels [N]; returns [N, C, H, W].
/// </summary>
internal sealed class UNet2DModel : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    // Fields stand in the order in which diffusers registers them: registration follows it.
    private readonly Conv2d conv_in;
    private readonly TimestepEmbedding time_embedding;
    private readonly Embedding? class_embedding;
    private readonly ModuleList<DownBlock2D> down_blocks;
    private readonly ModuleList<UpBlock2D> up_blocks;
    private readonly UNetMidBlock2D? mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;
    private readonly TimestepTable _timeProjection;
    private readonly bool _centerInput;

    internal UNet2DModel(UNet2DConfig config, int trainTimesteps)
        : base(nameof(UNet2DModel))
    {
        var channels = config.BlockOutChannels;
        conv_in = Unfilled.Conv2d(config.InChannels, channels[0], 3, padding: 1);
        time_embedding = new TimestepEmbedding(channels[0], config.TimeEmbeddingDim);
        if (config.NumClassEmbeds is { } classes)
            class_embedding = Unfilled.Embedding(classes, config.TimeEmbeddingDim);
        down_blocks = new([.. Enumerable.Range(0, channels.Length).Select(level => new DownBlock2D(config, level))]);
        up_blocks = new([.. Enumerable.Range(0, channels.Length).Select(index => new UpBlock2D(config, index))]);
        if (config.HasMidBlock)
            mid_block = new UNetMidBlock2D(config);
        conv_norm_out = nn.GroupNorm(config.NormNumGroups, channels[0], config.NormEps);
        conv_out = Unfilled.Conv2d(channels[0], config.OutChannels, 3, padding: 1);
        _timeProjection = new TimestepTable(trainTimesteps, channels[0], config.FlipSinToCos, config.FreqShift);
        _centerInput = config.CenterInputSample;
        RegisterComponents();
    }

    public override Tensor forward(Tensor sample, Tensor timesteps, Tensor? classLabels)
    {
        using var scope = NewDisposeScope();
        var time = TimeEmbedding(timesteps);
        if (class_embedding is not null)
            time = time + class_embedding.call(classLabels ?? throw new ArgumentNullException(nameof(classLabels)));
        time = nn.functional.silu(time);

        var hidden = conv_in.call(_centerInput ? 2 * sample - 1 : sample);
        var skips = new Stack<Tensor>([hidden]);
        foreach (var block in down_blocks)
        {
            foreach (var state in block.call(hidden, time))
            {
                skips.Push(state);
                hidden = state;
            }
        }
        if (mid_block is not null)
            hidden = mid_block.call(hidden, time);
        foreach (var block in up_blocks)
            hidden = block.call(hidden, time, skips);
        return conv_out.call(nn.functional.silu(conv_norm_out.CallRowMajor(hidden))).MoveToOuterDisposeScope();
    }

    /// <summary>The sinusoidal embedding, float32 [N, block_out_channels[0]]; the caller disposes it.</summary>
    internal Tensor TimeProjection(Tensor timesteps) => _timeProjection.Lookup(timesteps);

    /// <summary>The time embedding before classes are added, float32 [N, time_embedding_dim], the caller's.</summary>
    internal Tensor TimeEmbedding(Tensor timesteps)
    {
        using var projection = TimeProjection(timesteps);
        return time_embedding.call(projection);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _timeProjection.Dispose();
        base.Dispose(disposing);
    }
}
