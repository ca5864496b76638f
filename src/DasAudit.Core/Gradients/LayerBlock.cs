using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A layer's own part of a feature.</summary>
/// <param name="Layer">Name of the module that owns the parameters.</param>
/// <param name="Offset">Where it begins in the feature.</param>
/// <param name="Length">Its length: d_l, or that of its sketch if that is shorter, or the number of LoGra's coordinates.</param>
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
        return Of(
            AttributedParameters.Select(
                network,
                options.Parameters,
                logra: options.Projection.Logra,
                seed: options.Seed
            ),
            options.Projection
        );
    }

    internal static IReadOnlyList<LayerBlock> Of(AttributedParameters parameters, ProjectionOptions projection)
    {
        if (!projection.KeepsLayersApart)
            return [];
        var most = projection.Kind == ProjectionKind.Layers ? projection.Dimension : int.MaxValue;
        var blocks = new List<LayerBlock>();
        for (var at = 0; at < parameters.Names.Count; )
        {
            // A layer's parameters are neighbours.
            var (first, layer) = (at, Owner(parameters.Names[at]));
            while (at < parameters.Names.Count && Owner(parameters.Names[at]) == layer)
                at++;
            var (coordinates, count) = (
                parameters.Space.Lengths.Take(first..at).Sum(),
                parameters.Tensors.Take(first..at).Sum(tensor => (int)tensor.numel())
            );
            blocks.Add(new(layer, blocks.Sum(block => block.Length), Math.Min(most, coordinates), count));
        }

        return blocks;
    }

    private static string Owner(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
