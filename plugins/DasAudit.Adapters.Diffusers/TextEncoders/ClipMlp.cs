using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>Two linear layers with a GELU between them, or with x·σ(1.702·x) in its place ("quick GELU").</summary>
internal sealed class ClipMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly bool _quick;

    internal ClipMlp(ClipTextConfig config)
        : base(nameof(ClipMlp))
    {
        fc1 = Unfilled.Linear(config.HiddenSize, config.IntermediateSize);
        fc2 = Unfilled.Linear(config.IntermediateSize, config.HiddenSize);
        _quick = config.QuickGelu;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = fc1.call(input);
        hidden = _quick ? hidden * (1.702 * hidden).sigmoid() : nn.functional.gelu(hidden);
        return fc2.call(hidden).MoveToOuterDisposeScope();
    }
}
