using DasAudit.Core.Projections;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>The layers of a network by the block that they are in.</summary>
internal static class LayerGroups
{
    /// <summary>
    /// Runs of layers in the network's order. Their names without what all begin with have the first part in common,
    /// and the number behind it if there is one: <c>conv_in</c>, <c>down_blocks.0</c>, <c>mid_block</c>.
    /// </summary>
    public static IReadOnlyList<LayerBlock> Of(IReadOnlyList<LayerBlock> layers)
    {
        var names = layers.Select(layer => layer.Layer.Split('.')).ToList();
        var shared = SharedParts(names);
        var groups = new List<LayerBlock>();
        foreach (var (layer, name) in layers.Zip(names))
        {
            var group = GroupOf(name, shared);
            if (groups.Count > 0 && groups[^1] is var last && last.Layer == group)
                groups[^1] = last with
                {
                    Length = last.Length + layer.Length,
                    Parameters = last.Parameters + layer.Parameters,
                };
            else
                groups.Add(layer with { Layer = group });
        }

        return groups;
    }

    private static string GroupOf(string[] name, int shared)
    {
        var distinguishing = name[shared..];
        var isNumbered = distinguishing.Length > 1 && distinguishing[1].All(char.IsAsciiDigit);
        return string.Join('.', distinguishing.Take(isNumbered ? 2 : 1));
    }

    // Every name keeps one part at least.
    private static int SharedParts(List<string[]> names)
    {
        var most = names.Min(name => name.Length) - 1;
        var shared = 0;
        while (shared < most && names.All(name => name[shared] == names[0][shared]))
            shared++;
        return shared;
    }
}
