using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>Self-attention over all positions of [N, C, H, W], with a residual connection.</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly GroupNorm? group_norm;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;
    private readonly int _heads;
    private readonly double _outputScale;

    internal Attention(AttentionSettings settings, int channels, int? normGroups, double outputScale = 1)
        : base(nameof(Attention))
    {
        var headDim = settings.HeadDim ?? channels;
        _heads = channels / headDim;
        _outputScale = outputScale;
        var inner = _heads * headDim;
        group_norm = normGroups is { } groups ? nn.GroupNorm(groups, channels, settings.NormEps) : null;
        to_q = Unfilled.Linear(channels, inner);
        to_k = Unfilled.Linear(channels, inner);
        to_v = Unfilled.Linear(channels, inner);
        to_out = nn.ModuleList(Unfilled.Linear(inner, channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var normed = group_norm is null ? input : group_norm.call(input.contiguous());
        // One copy here spares each of the three projections its own.
        var tokens = normed.flatten(2).transpose(1, 2).contiguous();
        var attended = ScaledDotProduct.Attend(to_q.call(tokens), to_k.call(tokens), to_v.call(tokens), _heads);
        var output = to_out[0].call(attended).transpose(1, 2).reshape(input.shape);
        output = input + output;
        return (_outputScale == 1 ? output : output / _outputScale).MoveToOuterDisposeScope();
    }
}
