using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>Features in memory.</summary>
/// <param name="features">Φ, float64 [n, k]; it is disposed, the caller's storage is shared.</param>
internal sealed class MemoryFeatures(Tensor features) : IKernelFeatures
{
    public int Count => (int)features.shape[0];

    public int Dimension => (int)features.shape[1];

    public bool KeepsCoordinates => true;

    public Tensor Gram() => features.matmul(features.t());

    public Tensor SecondMoment() => features.t().matmul(features);

    public Tensor Products(Tensor rows) => rows.matmul(features.t());

    public Tensor Combine(Tensor weights) => weights.matmul(features);

    public Tensor FastProducts(Tensor rows) => Products(rows);

    public Tensor SquaredNorms(Tensor basis) => features.matmul(basis).square().sum([1L]);

    public void Dispose() => features.Dispose();
}
