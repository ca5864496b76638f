using DasAudit.Abstractions;
using DasAudit.Core.Curvature;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Torch;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>Factors and EK-FAC against the Gauss–Newton matrix itself, where they equal it.</summary>
public class GaussNewtonTests
{
    /// <summary>One linear layer with one position: H = E[aaᵀ]⊗(2/d)·I exactly: the loss is quadratic.</summary>
    [Fact]
    public void Factors_of_a_linear_layer_are_in_expectation_those_of_the_gauss_newton_matrix()
    {
        var options = new GradientOptions
        {
            Timesteps = 10,
            Replicates = 150,
            Seed = 2,
        };
        FunctionModel Load() =>
            Linear(nn.Linear(3, 3), new(3, 1, 1), (network, x, _) => network.call(x.flatten(1)).view_as(x));
        var pictures = EkfacReference.Pictures(4, 3);
        using var pool = new ModelPool(Load);
        using var worker = new KroneckerWorker(pool.Rent(), options);
        using var sums = new FactorSums(worker.Layers);
        using var scope = NewDisposeScope();
        foreach (var picture in pictures)
            worker.Add(picture, sums, 32, TestContext.Current.CancellationToken);
        var (a, b) = sums.Factors(0)!.Value;

        using var model = Load();
        var inputs = pictures
            .SelectMany(picture => EkfacReference.Passes(model, picture, options))
            .Select(pass => Vector<double>.Build.DenseOfEnumerable(pass.Noisy.Select(v => (double)v).Append(1)))
            .ToList();
        var expectedA =
            inputs.Aggregate(Matrix<double>.Build.Dense(4, 4), (sum, v) => sum + v.OuterProduct(v)) / inputs.Count;
        for (var i = 0; i < 4; i++)
        for (var j = 0; j < 4; j++)
            Assert.Equal(expectedA[i, j], a[i, j].item<double>(), 1e-5);

        // 6000 draws: the standard error of a mean of (2/3)·ξ² is 0.012.
        for (var i = 0; i < 3; i++)
        for (var j = 0; j < 3; j++)
            Assert.Equal(i == j ? 2 / 3.0 : 0, b[i, j].item<double>(), 0.05);
    }

    /// <summary>
    /// The input is the noisy pixel at the place of its timestep, the output one number: the Gauss–Newton matrix is
    /// diagonal in the eigenvectors of A⊗B, and EK-FAC, which averages squares along these, is exact. K-FAC is not: it
    /// takes the mean of a product for the product of means.
    /// </summary>
    [Fact]
    public void With_an_exact_eigenbasis_ekfac_is_the_inverse_of_the_gauss_newton_matrix()
    {
        var options = new GradientOptions
        {
            Timesteps = 4,
            Replicates = 1,
            Seed = 8,
        };
        var grid = options.TimestepGrid(1000);
        Tensor At(Tensor x, Tensor t) =>
            nn.functional.one_hot((t.to_type(float32) / 250).to_type(int64), 4).to_type(float32) * x.view(-1, 1);
        FunctionModel Load() =>
            Linear(nn.Linear(4, 1, hasBias: false), new(1, 1, 1), (network, x, t) => network.call(At(x, t)).view_as(x));
        var pictures = EkfacReference.Pictures(6, 1);
        var scores = new EkfacEngine(new(Load), options, 1).Compute(
            pictures[..1],
            pictures,
            6,
            null,
            TestContext.Current.CancellationToken
        );

        using var model = Load();
        var weights = model.Network.parameters().First().data<float>().ToArray();
        var gaussNewton = new double[4];
        var gradients = new List<float[]>();
        foreach (var picture in pictures)
        {
            var gradient = new float[4];
            foreach (var (k, pass) in EkfacReference.Passes(model, picture, options).Index())
            {
                var x = pass.Noisy[0];
                var xi = new float[1];
                new NoiseSource(8).Normal(new(NoisePurpose.SampledTarget, grid[k], pass.Key), xi);
                gaussNewton[k] += 2 * xi[0] * xi[0] * x * x / (4 * pictures.Length);
                gradient[k] = 2 * (weights[k] * x - pass.Noise[0]) * x / 4;
            }

            gradients.Add(gradient);
        }

        var gamma = EkfacReference.Damping * gaussNewton.Average();
        Tables.Close(
            [.. gradients.Select(row => row.Select((g, k) => g * gradients[0][k] / (gaussNewton[k] + gamma)).Sum())],
            scores.Corrected[0][0],
            1e-4
        );
        Assert.True(Math.Abs(scores.Kronecker[0][0][0] / scores.Corrected[0][0][0] - 1) > 0.01);
    }

    private static FunctionModel Linear(Layer network, ImageShape shape, Func<Layer, Tensor, Tensor, Tensor> predict)
    {
        EkfacReference.Seed(network);
        return new(network, shape, (noisy, timesteps, _) => predict(network, noisy, timesteps));
    }
}
