using DasAudit.Core.Projections;

namespace DasAudit.Core.Gradients;

/// <summary>Where each layer's own part lies in a feature.</summary>
internal static class LayerBlocks
{
    /// <summary>The parts of the attributed parameters' layers.</summary>
    /// <param name="parameters">The attributed parameters.</param>
    /// <param name="projection">How their gradients are projected.</param>
    /// <returns>One after the other, in the network's own order; empty where gradients are projected as a whole.</returns>
    public static IReadOnlyList<LayerBlock> Of(AttributedParameters parameters, ProjectionOptions projection)
    {
        if (!projection.KeepsLayersApart)
            return [];
        var longest = projection.Kind == ProjectionKind.Layers ? projection.Dimension : int.MaxValue;
        var blocks = new List<LayerBlock>();
        var offset = 0;
        var next = 0;
        while (next < parameters.Names.Count)
        {
            // A layer's parameters are neighbours.
            var first = next;
            var layer = LayerOf(parameters.Names[first]);
            while (next < parameters.Names.Count && LayerOf(parameters.Names[next]) == layer)
                next++;
            var coordinates = parameters.Space.Lengths.Take(first..next).Sum();
            var count = parameters.Tensors.Take(first..next).Sum(tensor => (int)tensor.numel());
            var length = Math.Min(longest, coordinates);
            blocks.Add(new(layer, offset, length, count));
            offset += length;
        }

        return blocks;
    }

    private static string LayerOf(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
