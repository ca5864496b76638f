using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>Sums of chosen rows of a table: libtorch's embedding bags, which add a bag's rows in their order.</summary>
internal static class EmbeddingBags
{
    /// <summary>The sum of each bag's rows, float32 [bags, B]; zero for an empty bag.</summary>
    /// <param name="table">float32 [n, B], contiguous.</param>
    /// <param name="rows">int32: the rows of all bags, one bag after the other.</param>
    /// <param name="bags">int32 [bags]: where each begins.</param>
    public static Tensor Sums(Tensor table, Tensor rows, Tensor bags)
    {
        using var bag = nn.EmbeddingBag_from_pretrained(table, freeze: true, mode: EmbeddingBagMode.Sum);
        return bag.call(rows, bags);
    }
}
