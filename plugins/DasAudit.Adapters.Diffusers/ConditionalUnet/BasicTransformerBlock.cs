using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// Self-attention (or attention to the text alone), attention to the text, and a feed-forward network, each
/// behind a layer norm and with a residual connection: tokens [N, L, C] and text [N, S, D] → [N, L, C].
/// </summary>
internal sealed class BasicTransformerBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly CrossAttention attn1;
    private readonly LayerNorm norm2;
    private readonly CrossAttention attn2;
    private readonly LayerNorm norm3;
    private readonly FeedForward ff;
    private readonly bool _onlyCrossAttention;

    internal BasicTransformerBlock(UNet2DConditionConfig config, int level, bool onlyCrossAttention)
        : base(nameof(BasicTransformerBlock))
    {
        var (channels, textWidth) = (config.BlockOutChannels[level], config.CrossAttentionDim[level]);
        norm1 = nn.LayerNorm(channels);
        attn1 = new CrossAttention(config, level, onlyCrossAttention ? textWidth : channels);
        norm2 = nn.LayerNorm(channels);
        attn2 = new CrossAttention(config, level, textWidth);
        norm3 = nn.LayerNorm(channels);
        ff = new FeedForward(channels);
        _onlyCrossAttention = onlyCrossAttention;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor text)
    {
        using var scope = NewDisposeScope();
        var normed = norm1.call(input);
        var hidden = input + attn1.call(normed, _onlyCrossAttention ? text : normed);
        hidden = hidden + attn2.call(norm2.call(hidden), text);
        return (hidden + ff.call(norm3.call(hidden))).MoveToOuterDisposeScope();
    }
}
