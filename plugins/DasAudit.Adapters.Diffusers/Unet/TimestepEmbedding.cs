using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>Two linear layers with a SiLU between them: [N, in] → [N, out].</summary>
internal sealed class TimestepEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;

    internal TimestepEmbedding(int inChannels, int outChannels)
        : base(nameof(TimestepEmbedding))
    {
        linear_1 = Unfilled.Linear(inChannels, outChannels);
        linear_2 = Unfilled.Linear(outChannels, outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return linear_2.call(nn.functional.silu(linear_1.call(input))).MoveToOuterDisposeScope();
    }
}
