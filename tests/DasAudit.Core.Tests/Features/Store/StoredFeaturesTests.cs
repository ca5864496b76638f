using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features.Store;

public sealed class StoredFeaturesTests : IDisposable
{
    private static readonly FeatureKind Apart = new("mean", Unit: false, Apart: true);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void A_stores_features_are_scored_and_factorised_as_they_read(FeatureFormat format)
    {
        using var scope = NewDisposeScope();
        var store = Samples.Fill(_folder.Path, 12, format);
        FeatureKey[] keys = [.. new[] { 11, 0, 7, 3, 5 }.Select(Samples.Key)];
        var features = new StoredFeatures(store, Apart, 4, keys);
        var k = Samples.Dimension;
        var phi = Matrix<double>.Build.Dense(5, k, (i, j) => store.Read(keys[i]).Rows[Apart][4][j]);
        var query = RandomMatrix.Normal(3, k, 5);

        Assert.Equal((5, k, format == FeatureFormat.F16), (features.Count, features.Dimension, features.Half));
        var products = BlockProducts.Of(query.ToRowMajorArray(), features, 1, TestContext.Current.CancellationToken);
        RandomMatrix.Close(query * phi.Transpose(), Matrix<double>.Build.DenseOfRowMajor(3, 5, products), 1e-5);
        using var kernel = RidgeKernel.Factorise(features, 1, TestContext.Current.CancellationToken);
        using var rows = kernel.Project(query.Tensor());
        RandomMatrix.Close(query * phi.Inverse(0.5) * phi.Transpose(), kernel.WithMembers(rows, 0.5).Matrix(), 1e-5);
    }

    [Fact]
    public void What_the_store_has_not_is_refused()
    {
        var store = Samples.Fill(_folder.Path, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StoredFeatures(store, Apart, 6, [Samples.Key(0)]));
        Assert.Throws<ArgumentException>(() => new StoredFeatures(store, FeatureKind.UnitMean, 0, [Samples.Key(0)]));
        var missing = new StoredFeatures(store, Apart, 0, [Samples.Key(0), Samples.Key(7)]);
        Assert.Contains(
            "holds no features",
            Assert.Throws<AuditException>(() => RidgeKernel.Factorise(missing, 1, CancellationToken.None)).Message
        );
    }
}
