using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>Attention of tokens [N, L, C] to a context [N, S, D], which may be the tokens themselves.</summary>
internal sealed class CrossAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;
    private readonly int _heads;
    private readonly bool _upcast;

    internal CrossAttention(UNet2DConditionConfig config, int level, int contextWidth)
        : base(nameof(CrossAttention))
    {
        var channels = config.BlockOutChannels[level];
        to_q = Unfilled.Linear(channels, channels, hasBias: false);
        to_k = Unfilled.Linear(contextWidth, channels, hasBias: false);
        to_v = Unfilled.Linear(contextWidth, channels, hasBias: false);
        to_out = nn.ModuleList(Unfilled.Linear(channels, channels));
        _heads = config.AttentionHeads[level];
        _upcast = config.UpcastAttention;
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, Tensor context)
    {
        using var scope = NewDisposeScope();
        var attended = ScaledDotProduct.Attend(
            to_q.call(tokens),
            to_k.call(context),
            to_v.call(context),
            _heads,
            upcast: _upcast
        );
        return to_out[0].call(attended).MoveToOuterDisposeScope();
    }
}
