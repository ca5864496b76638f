using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// The layers whose parameters are not attributed: nothing is recorded of them, but the backward pass passes through
/// them, and automatic differentiation keeps about what leaves them. Hooked until this is disposed.
/// </summary>
internal sealed class PassiveLayers : IDisposable
{
    private readonly List<Action> _unhook = [];

    public PassiveLayers(nn.Module network, AttributedParameters parameters)
    {
        foreach (var named in NetworkModule.AllOf(network))
        {
            if (named.Module is Layer layer && IsPassive(named, parameters))
                _unhook.Add(layer.register_forward_hook((_, _, output) => Count(output)).remove);
        }
    }

    /// <summary>Bytes that left the layers since they were hooked.</summary>
    public long Bytes { get; private set; }

    public void Dispose()
    {
        _unhook.ForEach(unhook => unhook());
        _unhook.Clear();
    }

    private static bool IsPassive(NetworkModule named, AttributedParameters parameters)
    {
        var names = named.Parameters.Select(parameter => parameter.FullName).ToList();
        return names.Count > 0 && names.All(name => parameters.Position(name) is null);
    }

    private Tensor Count(Tensor output)
    {
        Bytes += output.numel() * output.element_size();
        return output;
    }
}
