using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>Self-attention over tokens [N, L, hidden_size], with a mask [L, L] that is added to the scores.</summary>
internal sealed class ClipAttention : nn.Module<Tensor, Tensor, Tensor>
{
    // Fields stand in the order in which transformers registers them.
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear q_proj;
    private readonly Linear out_proj;
    private readonly int _heads;
    private readonly double _dropout;

    internal ClipAttention(ClipTextConfig config)
        : base(nameof(ClipAttention))
    {
        k_proj = Unfilled.Linear(config.HiddenSize, config.HiddenSize);
        v_proj = Unfilled.Linear(config.HiddenSize, config.HiddenSize);
        q_proj = Unfilled.Linear(config.HiddenSize, config.HiddenSize);
        out_proj = Unfilled.Linear(config.HiddenSize, config.HiddenSize);
        _heads = config.NumAttentionHeads;
        _dropout = config.AttentionDropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var attended = ScaledDotProduct.Attend(
            q_proj.call(input),
            k_proj.call(input),
            v_proj.call(input),
            _heads,
            mask,
            dropout: training ? _dropout : 0
        );
        return out_proj.call(attended).MoveToOuterDisposeScope();
    }
}
