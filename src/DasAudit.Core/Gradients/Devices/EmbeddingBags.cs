using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>Sums of chosen rows of a table: libtorch's embedding bags, which add a bag's rows in their order.</summary>
/// <remarks>
/// One module takes all tables. Making a module for a table would first fill another of its size with random numbers,
/// on the processor.
/// </remarks>
internal sealed class EmbeddingBags : IDisposable
{
    private readonly EmbeddingBag _module = nn.EmbeddingBag(1, 1, mode: EmbeddingBagMode.Sum);
    private readonly Parameter _noTable = new(zeros(1, 1), requires_grad: false);

    /// <summary>Lives until disposed, in whatever dispose scope it is made.</summary>
    public EmbeddingBags()
    {
        _module.weight!.DetachFromDisposeScope();
        _noTable.DetachFromDisposeScope();
    }

    /// <summary>The sum of each bag's rows, float32 [bags, B]; zero for an empty bag.</summary>
    /// <param name="table">float32 [n, B], contiguous; taken over.</param>
    /// <param name="rows">int32 or int64: the rows of all bags, one bag after the other.</param>
    /// <param name="bags">[bags], of the same type: where each begins.</param>
    public Tensor Sums(Tensor table, Tensor rows, Tensor bags)
    {
        using var weight = new Parameter(table, requires_grad: false);
        _module.weight = weight;
        try
        {
            return _module.call(rows, bags);
        }
        finally
        {
            _module.weight = _noTable;
        }
    }

    public void Dispose()
    {
        _module.Dispose();
        _noTable.Dispose();
    }
}
