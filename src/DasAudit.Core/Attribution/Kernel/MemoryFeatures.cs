using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>Φ in memory, float64 [n, k]. It disposes the tensor, whose storage is shared with the caller.</summary>
internal sealed class MemoryFeatures(Tensor features) : IKernelFeatures
{
    public int Count => (int)features.shape[0];

    public int Dimension => (int)features.shape[1];

    public bool KeepsCoordinates => true;

    public Tensor Gram(Device device)
    {
        var there = features.to(device);
        return there.matmul(there.t());
    }

    public Tensor SecondMoment(Device device)
    {
        var there = features.to(device);
        return there.t().matmul(there);
    }

    public Tensor Products(Tensor rows) => rows.matmul(features.t());

    public Tensor Combine(Tensor weights) => weights.matmul(features);

    public Tensor FastProducts(Tensor rows) => Products(rows);

    public Tensor SquaredNorms(Tensor basis) => features.matmul(basis).square().sum([1L]);

    public void Dispose() => features.Dispose();
}
