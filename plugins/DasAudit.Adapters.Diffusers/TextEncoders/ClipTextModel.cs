using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp;
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
        LastLayer = $"text_model.encoder.layers.{config.NumHiddenLayers - 1}";
        RegisterComponents();
    }

    /// <summary>The name of the last layer, which <see cref="TextEncoding.Penultimate"/> does not depend on.</summary>
    internal string LastLayer { get; }

    public override TextEncoding forward(Tensor tokens)
    {
        var encoding = text_model.call(tokens);
        if (text_projection is null)
            return encoding;
        using var pooled = encoding.Pooled;
        return encoding with { Pooled = text_projection.call(pooled) };
    }

    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        base._to(dtype, non_blocking);
        NestedLayers.To(this, dtype, non_blocking);
        return this;
    }

    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        base._to(deviceType, deviceIndex, non_blocking);
        NestedLayers.To(this, deviceType, deviceIndex, non_blocking);
        return this;
    }

    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        base._to(device, dtype, non_blocking);
        NestedLayers.To(this, device, dtype, non_blocking);
        return this;
    }
}
