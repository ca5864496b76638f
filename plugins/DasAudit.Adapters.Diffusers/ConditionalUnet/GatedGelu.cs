using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>GEGLU (Shazeer, 2020): half of the projection times the GELU of the other half.</summary>
internal sealed class GatedGelu : nn.Module<Tensor, Tensor>
{
    private readonly Linear proj;

    internal GatedGelu(int inChannels, int outChannels)
        : base(nameof(GatedGelu))
    {
        proj = Unfilled.Linear(inChannels, 2 * outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = proj.call(input).chunk(2, -1);
        return (halves[0] * nn.functional.gelu(halves[1])).MoveToOuterDisposeScope();
    }
}
