using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A layer's own part of a feature.</summary>
/// <param name="Layer">Name of the module that owns the parameters.</param>
/// <param name="Offset">Where it begins in the feature.</param>
/// <param name="Length">Its length: d_l, or that of its sketch if that is shorter.</param>
/// <param name="Parameters">d_l, the number of the layer's attributed parameters.</param>
public sealed record LayerBlock(string Layer, int Offset, int Length, int Parameters)
{
    /// <summary>Where the parts of a network's layers lie.</summary>
    /// <param name="network">The network; which of its parameters require gradients is changed to those attributed.</param>
    /// <param name="options">How gradients are taken.</param>
    /// <returns>One after the other, in the network's own order; empty where gradients are projected as a whole.</returns>
    /// <exception cref="AuditException">No parameter is selected.</exception>
    public static IReadOnlyList<LayerBlock> Of(nn.Module network, GradientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(AttributedParameters.Select(network, options.Parameters), options.Projection);
    }

    internal static IReadOnlyList<LayerBlock> Of(AttributedParameters parameters, ProjectionOptions projection)
    {
        if (projection.Kind is not (ProjectionKind.Layers or ProjectionKind.None)) return [];
        var length = projection.Kind == ProjectionKind.None ? int.MaxValue : projection.Dimension;
        var blocks = new List<LayerBlock>();
        foreach (var (name, parameter) in parameters.Names.Zip(parameters.Tensors))
        {
            var (layer, count) = (name[..Math.Max(0, name.LastIndexOf('.'))], (int)parameter.numel());
            // A layer's parameters are neighbours, so the gradient's slices are in the order of the blocks.
            if (blocks.Count > 0 && blocks[^1].Layer == layer)
            {
                count += blocks[^1].Parameters;
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(new(layer, blocks.Sum(block => block.Length), Math.Min(length, count), count));
        }

        return blocks;
    }
}
