using DasAudit.Core.Projections;

namespace DasAudit.Core.Gradients;

/// <summary>Where each layer's own part lies in a feature.</summary>
internal static class LayerBlocks
{
    /// <summary>The layers' parts in the network's own order; none where gradients are projected as a whole.</summary>
    public static IReadOnlyList<LayerBlock> Of(AttributedParameters parameters, ProjectionOptions projection)
    {
        if (!projection.KeepsLayersApart)
            return [];
        var longest = projection.Kind == ProjectionKind.Layers ? projection.Dimension : int.MaxValue;
        var blocks = new List<LayerBlock>();
        var offset = 0;
        var end = 0;
        while (end < parameters.Names.Count)
        {
            // A layer's parameters are neighbours.
            var start = end;
            var layer = LayerOf(parameters.Names[start]);
            while (end < parameters.Names.Count && LayerOf(parameters.Names[end]) == layer)
                end++;
            var coordinates = parameters.Space.Lengths.Take(start..end).Sum();
            var length = Math.Min(longest, coordinates);
            var count = parameters.Tensors.Take(start..end).Sum(tensor => (int)tensor.numel());
            blocks.Add(new(layer, offset, length, count));
            offset += length;
        }

        return blocks;
    }

    private static string LayerOf(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
