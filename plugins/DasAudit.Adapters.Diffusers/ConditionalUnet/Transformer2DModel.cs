using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// Transformer blocks over positions of [N, C, H, W], between a norm with a projection and a projection back, with a
/// residual connection. The projections are linear layers or, in Stable Diffusion 1.x, 1×1 convolutions.
/// </summary>
internal sealed class Transformer2DModel : nn.Module<Tensor, Tensor, Tensor>
{
    private const double NormEps = 1e-6;

    private readonly GroupNorm norm;
    private readonly nn.Module<Tensor, Tensor> proj_in;
    private readonly ModuleList<BasicTransformerBlock> transformer_blocks;
    private readonly nn.Module<Tensor, Tensor> proj_out;
    private readonly bool _isLinear;

    internal Transformer2DModel(UNet2DConditionConfig config, int level, bool onlyCrossAttention)
        : base(nameof(Transformer2DModel))
    {
        var channels = config.BlockOutChannels[level];
        _isLinear = config.UseLinearProjection;
        norm = nn.GroupNorm(config.NormNumGroups, channels, NormEps);
        proj_in = Projection(channels);
        transformer_blocks = new([
            .. Enumerable
                .Range(0, config.TransformerLayersPerBlock[level])
                .Select(_ => new BasicTransformerBlock(config, level, onlyCrossAttention)),
        ]);
        proj_out = Projection(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor text)
    {
        using var scope = NewDisposeScope();
        var normed = norm.CallRowMajor(input);
        var hidden = _isLinear ? proj_in.call(Tokens(normed)) : Tokens(proj_in.call(normed));
        foreach (var block in transformer_blocks)
            hidden = block.call(hidden, text);
        hidden = _isLinear ? Picture(proj_out.call(hidden), input) : proj_out.call(Picture(hidden, input));
        return (hidden + input).MoveToOuterDisposeScope();
    }

    private nn.Module<Tensor, Tensor> Projection(int channels) =>
        _isLinear ? Unfilled.Linear(channels, channels) : Unfilled.Conv2d(channels, channels, 1);

    // [N, C, H, W] → [N, H·W, C]
    private static Tensor Tokens(Tensor picture) => picture.flatten(2).transpose(1, 2).contiguous();

    // [N, H·W, C] → [N, C, H, W]
    private static Tensor Picture(Tensor tokens, Tensor like) => tokens.transpose(1, 2).reshape(like.shape);
}
