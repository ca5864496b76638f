using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>The layers; returns the last two hidden states, of which the first may be the input itself.</summary>
internal sealed class ClipEncoder : nn.Module<Tensor, Tensor[]>
{
    private readonly ModuleList<ClipEncoderLayer> layers;

    internal ClipEncoder(ClipTextConfig config)
        : base(nameof(ClipEncoder))
    {
        layers = new([.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new ClipEncoderLayer(config))]);
        RegisterComponents();
    }

    public override Tensor[] forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var length = embeddings.shape[1];
        // A token sees itself and what stands before it.
        var mask = full(length, length, float.NegativeInfinity, embeddings.dtype, embeddings.device).triu(1);
        var (previous, hidden) = (embeddings, embeddings);
        foreach (var layer in layers)
            (previous, hidden) = (hidden, layer.call(hidden, mask));
        return [previous.alias().MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope()];
    }
}
