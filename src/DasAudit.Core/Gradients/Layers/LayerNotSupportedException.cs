namespace DasAudit.Core.Gradients.Layers;

/// <summary>A layer is used in a way that its rule does not know; the gradients are then taken by automatic differentiation.</summary>
internal sealed class LayerNotSupportedException(string message) : Exception(message)
{
    /// <summary>The same with the name of the layer before it.</summary>
    public LayerNotSupportedException In(string layer) => new($"{layer}: {Message}");
}
