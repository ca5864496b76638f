using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>The sum of a token's and its position's embedding: int64 [N, L] → [N, L, hidden_size].</summary>
internal sealed class ClipTextEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly Embedding token_embedding;
    private readonly Embedding position_embedding;

    internal ClipTextEmbeddings(ClipTextConfig config)
        : base(nameof(ClipTextEmbeddings))
    {
        token_embedding = Unfilled.Embedding(config.VocabSize, config.HiddenSize);
        position_embedding = Unfilled.Embedding(config.MaxPositionEmbeddings, config.HiddenSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        // Each row looks its positions up itself: per-sample gradients need a layer's rows to be the batch's.
        var positions = arange(tokens.shape[1], device: tokens.device).expand(tokens.shape);
        return (token_embedding.call(tokens) + position_embedding.call(positions)).MoveToOuterDisposeScope();
    }
}
