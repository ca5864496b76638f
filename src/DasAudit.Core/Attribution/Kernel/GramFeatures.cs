using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>Features, maybe infinitely many, known by inner products: rows are their products with these.</summary>
/// <param name="gram">ΦΦᵀ, float64 [n, n]; it is disposed, the caller's storage is shared.</param>
internal sealed class GramFeatures(Tensor gram) : IKernelFeatures
{
    public int Count => (int)gram.shape[0];

    public int Dimension => int.MaxValue;

    public bool KeepsCoordinates => true;

    public Tensor Gram(Device device) => gram.to(device).alias();

    public Tensor SecondMoment(Device device) => throw Unknown();

    public Tensor Products(Tensor rows) => rows.alias();

    public Tensor Combine(Tensor weights) => throw Unknown();

    public Tensor FastProducts(Tensor rows) => throw Unknown();

    public Tensor SquaredNorms(Tensor basis) => throw Unknown();

    public void Dispose() => gram.Dispose();

    private static NotSupportedException Unknown() => new("Only inner products of the features are known.");
}
