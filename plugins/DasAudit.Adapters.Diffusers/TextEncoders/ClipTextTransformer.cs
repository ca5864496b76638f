using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>Embeddings, layers that see no later token, a final layer norm; pools at the end token.</summary>
internal sealed class ClipTextTransformer : nn.Module<Tensor, TextEncoding>
{
    private readonly ClipTextEmbeddings embeddings;
    private readonly ClipEncoder encoder;
    private readonly LayerNorm final_layer_norm;
    private readonly int _endToken;

    internal ClipTextTransformer(ClipTextConfig config)
        : base(nameof(ClipTextTransformer))
    {
        embeddings = new ClipTextEmbeddings(config);
        encoder = new ClipEncoder(config);
        final_layer_norm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps);
        _endToken = config.EosTokenId;
        RegisterComponents();
    }

    public override TextEncoding forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var states = encoder.call(embeddings.call(tokens));
        var last = final_layer_norm.call(states[^1]);
        var ends = EndPositions(tokens).view(-1, 1, 1).expand(-1, 1, last.shape[2]);
        return new TextEncoding(
            last.MoveToOuterDisposeScope(),
            states[^2].MoveToOuterDisposeScope(),
            last.gather(1, ends).squeeze(1).MoveToOuterDisposeScope()
        );
    }

    // The first of several. A file with the legacy id means the greatest id, whichever that is.
    private Tensor EndPositions(Tensor tokens) =>
        _endToken == ClipTextConfig.LegacyEosTokenId
            ? tokens.argmax(-1)
            : tokens.eq(_endToken).to_type(ScalarType.Int32).argmax(-1);
}
