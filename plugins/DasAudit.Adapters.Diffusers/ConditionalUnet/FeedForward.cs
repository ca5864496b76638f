using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>A gated layer of four times the width, and a linear one back to it.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    // diffusers has a dropout of probability 0 in the second place.
    private readonly ModuleList<nn.Module<Tensor, Tensor>> net;

    internal FeedForward(int channels)
        : base(nameof(FeedForward))
    {
        net = nn.ModuleList<nn.Module<Tensor, Tensor>>(
            new GatedGelu(channels, Expansion * channels),
            nn.Identity(),
            Unfilled.Linear(Expansion * channels, channels)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = input;
        foreach (var layer in net)
            hidden = layer.call(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}
