using DasAudit.Core.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Activations;

/// <summary>Keeps what enters or leaves one module of a network, until disposed.</summary>
internal sealed class ActivationTap : IDisposable
{
    private readonly Action _remove;
    private Tensor? _kept;

    public ActivationTap(nn.Module network, ActivationPlace place)
    {
        Place = place;
        var module =
            network.named_modules().FirstOrDefault(pair => pair.name == place.Module).module as Layer
            ?? throw new AuditException(
                $"The network has no module '{place.Module}' that takes one tensor and gives one; "
                    + "name another for activations."
            );
        _remove = module.OnCall(
            (input, output) =>
            {
                _kept?.Dispose();
                // A copy, because what comes after may change it in place.
                _kept = (place.Entering ? input : output).detach().clone().DetachFromDisposeScope();
                return output;
            }
        );
    }

    public ActivationPlace Place { get; }

    /// <summary>
    /// The place that stands for the output of a network's last block, found by watching one forward pass: the input of
    /// the layer with parameters that is called last, or of the normalisation called right before it, if there is one.
    /// In a U-Net that is what leaves the last up-block.
    /// </summary>
    public static ActivationPlace Find(nn.Module network, Action forward)
    {
        var calls = new List<(string Name, bool Normalises)>();
        var removals = new List<Action>();
        try
        {
            foreach (var (name, module) in network.named_modules())
            {
                var normalises = module is GroupNorm or LayerNorm or BatchNorm2d or InstanceNorm2d;
                if (module is not Layer || !(normalises || module.named_parameters(recurse: false).Any()))
                    continue;
                var remove = module.OnCall(
                    (_, output) =>
                    {
                        calls.Add((name, normalises));
                        return output;
                    }
                );
                removals.Add(remove);
            }

            forward();
        }
        finally
        {
            removals.ForEach(remove => remove());
        }

        var last = calls.FindLastIndex(call => !call.Normalises);
        if (last < 0)
            throw new AuditException(
                "The network calls no layer as a module, so its activations cannot be found; name a module for them."
            );
        return new(calls[last > 0 && calls[last - 1].Normalises ? last - 1 : last].Name);
    }

    /// <summary>What the last forward pass left, [B, …] in its own number type; the caller disposes it.</summary>
    public Tensor Take(int rows)
    {
        var kept =
            _kept
            ?? throw new AuditException(
                $"The network does not call '{Place.Module}' as a module, so it has no activations; name another."
            );
        _kept = null;
        if (kept.dim() > 0 && kept.shape[0] == rows)
            return kept;
        kept.Dispose();
        throw new AuditException(
            $"The activations of '{Place.Module}' are not one row a picture; name another module."
        );
    }

    public void Dispose()
    {
        _remove();
        _kept?.Dispose();
    }
}
