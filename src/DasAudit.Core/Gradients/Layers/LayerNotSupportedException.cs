using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>A layer is used as its rule does not know; automatic differentiation then takes its place.</summary>
internal sealed class LayerNotSupportedException(string message) : Exception(message)
{
    public static LayerNotSupportedException NoRule(nn.Module module) =>
        new($"there is no rule for the parameters of {module.GetName()}");

    public LayerNotSupportedException In(string layer) => new($"{layer}: {Message}");
}
