using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>
/// transformers' CLIPTextModel or, if the configuration has a projection, CLIPTextModelWithProjection: its parameters
/// have the names and the order of that library's state dict. Called with int64 token ids [N, L], L at most
/// max_position_embeddings.
/// </summary>
internal sealed class ClipTextModel : nn.Module<Tensor, TextEncoding>
{
    private readonly ClipTextTransformer text_model;
    private readonly Linear? text_projection;

    internal ClipTextModel(ClipTextConfig config)
        : base(nameof(ClipTextModel))
    {
        text_model = new ClipTextTransformer(config);
        if (config.ProjectionDim is { } width)
            text_projection = Unfilled.Linear(config.HiddenSize, width, hasBias: false);
        RegisterComponents();
    }

    public override TextEncoding forward(Tensor tokens)
    {
        var encoding = text_model.call(tokens);
        if (text_projection is null)
            return encoding;
        using var pooled = encoding.Pooled;
        return encoding with { Pooled = text_projection.call(pooled) };
    }
}
