using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Curvature;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>K-FAC and EK-FAC against matrices formed and inverted, and the Gauss–Newton matrix itself.</summary>
public class EkfacEngineTests
{
    private const double Damping = 0.1;

    /// <summary>Two convolutions with a nonlinearity between; two Kronecker products formed explicitly.</summary>
    [Fact]
    public void Scores_of_a_convolutional_network_are_those_of_explicit_kronecker_products_inverted()
    {
        var options = new GradientOptions
        {
            Timesteps = 3,
            Replicates = 2,
            Seed = 6,
        };
        var pictures = Pictures(7, 16);
        var scores = new EkfacEngine(new(() => new SmallNetwork().Model), options, 1).Compute(
            pictures[..2],
            pictures[2..],
            4,
            null,
            TestContext.Current.CancellationToken
        );

        var reference = new SmallNetwork();
        var rounds = pictures[2..6].SelectMany(picture => reference.Sampled(picture, options)).ToList();
        for (var r = 0; r < 2; r++)
        {
            var gradients = pictures.Select(picture => reference.Loss(picture, options, r)).ToList();
            var (kronecker, corrected) = (new double[2, 5], new double[2, 5]);
            for (var l = 0; l < 2; l++)
            {
                var (a, b) = Factors([.. rounds.Select(round => (round[l].A, round[l].Deltas))]);
                // Gradients [O, I] are laid out row by row.
                var product = b.KroneckerProduct(a);
                var gammaK = Damping * product.Trace() / product.RowCount;
                var q = b.Evd().EigenVectors.KroneckerProduct(a.Evd().EigenVectors);
                var mean =
                    rounds
                        .Select(round => q.Transpose() * Flat(round[l].Deltas * round[l].A.Transpose()))
                        .Aggregate(Vector<double>.Build.Dense(product.RowCount), (sum, v) => sum + v.PointwisePower(2))
                    / rounds.Count;
                var inverseK = (product + gammaK * Matrix<double>.Build.DenseIdentity(product.RowCount)).Inverse();
                var inverseE = (
                    q * Matrix<double>.Build.DenseOfDiagonalVector(mean) * q.Transpose()
                    + Damping * mean.Average() * Matrix<double>.Build.DenseIdentity(product.RowCount)
                ).Inverse();
                for (var z = 0; z < 2; z++)
                {
                    for (var i = 0; i < 5; i++)
                    {
                        kronecker[z, i] += gradients[z][l] * (inverseK * gradients[2 + i][l]);
                        corrected[z, i] += gradients[z][l] * (inverseE * gradients[2 + i][l]);
                    }
                }
            }

            for (var z = 0; z < 2; z++)
            {
                Tables.Close([.. Enumerable.Range(0, 5).Select(i => kronecker[z, i])], scores.Kronecker[r][z], 2e-4);
                Tables.Close([.. Enumerable.Range(0, 5).Select(i => corrected[z, i])], scores.Corrected[r][z], 2e-4);
            }
        }

        // The two must be told apart for the comparison to mean something.
        Assert.NotEqual(
            scores.Kronecker[0][0][0],
            scores.Corrected[0][0][0],
            Math.Abs(scores.Kronecker[0][0][0]) * 1e-2
        );
    }

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
        var pictures = Pictures(4, 3);
        using var pool = new ModelPool(Load);
        using var worker = new KroneckerWorker(pool.Rent(), options);
        using var sums = new FactorSums(worker.Layers);
        using var scope = NewDisposeScope();
        foreach (var picture in pictures)
            worker.Add(picture, sums, 32, TestContext.Current.CancellationToken);
        var (a, b) = sums.Factors(0)!.Value;

        using var model = Load();
        var inputs = pictures
            .SelectMany(picture => Noisy(model, picture, options))
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
        var pictures = Pictures(6, 1);
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
        var gradients = pictures
            .Select(picture =>
            {
                var target = new SampledTarget(new(8), picture.Read());
                return Noisy(model, picture, options)
                    .Select(
                        (pass, k) =>
                        {
                            var x = pass.Noisy[0];
                            var xi = new float[1];
                            new NoiseSource(8).Normal(new(NoisePurpose.SampledTarget, grid[k], pass.Key), xi);
                            gaussNewton[k] += 2 * xi[0] * xi[0] * x * x / (4 * pictures.Length);
                            return 2 * (weights[k] * x - pass.Noise[0]) * x / 4;
                        }
                    )
                    .ToArray();
            })
            .ToList();
        var gamma = Damping * gaussNewton.Average();
        Tables.Close(
            [.. gradients.Select(own => own.Select((g, k) => g * gradients[0][k] / (gaussNewton[k] + gamma)).Sum())],
            scores.Corrected[0][0],
            1e-4
        );
        Assert.True(Math.Abs(scores.Kronecker[0][0][0] / scores.Corrected[0][0][0] - 1) > 0.01);
    }

    [Fact]
    public void Workers_change_no_bit_and_decoys_change_no_member()
    {
        var options = new GradientOptions { Timesteps = 2, Replicates = 1 };
        ModelPicture[] pictures =
        [
            .. Enumerable.Range(0, 40).Select(i => new ModelPicture($"{i}", () => Tables.Normal(i, 192))),
        ];
        EkfacScores Compute(int workers, int rows) =>
            new EkfacEngine(new(() => new TinyUnet()), options, workers).Compute(
                pictures[..1],
                pictures[..rows],
                35,
                null,
                TestContext.Current.CancellationToken
            );
        var (one, three) = (Compute(1, 40), Compute(3, 35));
        Assert.Equal(one.Kronecker[0][0][..35], three.Kronecker[0][0]);
        Assert.Equal(one.Corrected[0][0][..35], three.Corrected[0][0]);

        // A step on the query itself helps it, and the methods hand these scores on.
        var inputs = Tables.Inputs(35, 40, 1) with
        {
            Ekfac = one,
        };
        Assert.Equal(one.Corrected[0][0], KfacMethod.Corrected.Score(inputs).Queries[0].Mean);
        Assert.Equal(one.Kronecker[0][0], KfacMethod.Kronecker.Score(inputs).Queries[0].Mean);
        Assert.True(one.Corrected[0][0][0] > 0 && one.Kronecker[0][0][0] > 0);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var pictures = Pictures(2, 192);
        string Refusal(Func<IDiffusionModel> load, double damping = 0.1) =>
            Assert
                .Throws<AuditException>(() =>
                    new EkfacEngine(new(load), new() { Timesteps = 1, Replicates = 1 }, 1, damping).Compute(
                        pictures,
                        pictures,
                        2,
                        null,
                        TestContext.Current.CancellationToken
                    )
                )
                .Message;
        Assert.Contains("must be positive", Refusal(() => new TinyUnet(), 0));
        Assert.Contains("cannot follow", Refusal(() => new TinyUnet(bypassHooks: true)));
        Assert.Contains("{parameters}", Refusal(() => new LinearModel()));
    }

    private static ModelPicture[] Pictures(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => new ModelPicture($"{i}", () => Tables.Normal(20 + i, length)))];

    private static FunctionModel Linear(Layer network, ImageShape shape, Func<Layer, Tensor, Tensor, Tensor> predict)
    {
        Seed(network);
        return new(network, shape, (noisy, timesteps, _) => predict(network, noisy, timesteps));
    }

    private static void Seed(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (i, parameter) in network.parameters().Index())
            parameter.copy_(tensor(Tables.Normal(90 + i, (int)parameter.numel())).view_as(parameter) * 0.3);
    }

    // Passes in order of draw, then timestep: x_t, ε, and what numbers the sampled target.
    private static IEnumerable<(float[] Noisy, float[] Noise, int Key)> Noisy(
        IDiffusionModel model,
        ModelPicture picture,
        GradientOptions options
    )
    {
        var key = BitConverter.ToInt32(
            System.Security.Cryptography.SHA256.HashData(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(picture.Read())
            )
        );
        for (var r = 0; r < options.Replicates; r++)
        {
            foreach (var t in options.TimestepGrid(1000))
            {
                var noise = new float[model.SampleShape.Length];
                new NoiseSource(options.Seed).Normal(new(NoisePurpose.Attribution, t, r), noise);
                var alphaBar = model.Schedule.AlphasCumprod[t];
                yield return (
                    [.. picture.Read().Zip(noise, (x, e) => MathF.Sqrt(alphaBar) * x + MathF.Sqrt(1 - alphaBar) * e)],
                    noise,
                    unchecked(key + r)
                );
            }
        }
    }

    private static (Matrix<double> A, Matrix<double> B) Factors(List<(Matrix<double> A, Matrix<double> Deltas)> rounds)
    {
        var a =
            rounds.Select(round => round.A * round.A.Transpose()).Aggregate((sum, m) => sum + m)
            / rounds.Sum(round => round.A.ColumnCount);
        var b =
            rounds.Select(round => round.Deltas * round.Deltas.Transpose()).Aggregate((sum, m) => sum + m)
            / rounds.Count;
        return (a, b);
    }

    private static Vector<double> Flat(Matrix<double> gradient) =>
        Vector<double>.Build.DenseOfArray(gradient.ToRowMajorArray());

    /// <summary>ε̂ = conv(silu(conv(x_t))) on one grey channel of 4×4, and the same in double by loops.</summary>
    private sealed class SmallNetwork
    {
        private readonly (Matrix<double> First, Matrix<double> Second) _weights;

        public SmallNetwork()
        {
            var network = nn.Sequential(
                ("first", nn.Conv2d(1, 2, 3, padding: 1)),
                ("act", nn.SiLU()),
                ("second", nn.Conv2d(2, 1, 3, padding: 1))
            );
            Seed(network);
            var values = network.parameters().Select(parameter => parameter.data<float>().ToArray()).ToArray();
            _weights = (Weights(values[0], values[1], 2), Weights(values[2], values[3], 1));
            ConvolutionLayout.UseChannelsLast(network);
            Model = new(network, new(1, 4, 4), (noisy, _, _) => network.call(noisy));
        }

        public FunctionModel Model { get; }

        /// <summary>a [I, 16] and δ [O, 16] of both layers, for each pass with a sampled target.</summary>
        public IEnumerable<(Matrix<double> A, Matrix<double> Deltas)[]> Sampled(
            ModelPicture picture,
            GradientOptions options
        )
        {
            var grid = options.TimestepGrid(1000);
            foreach (var (p, pass) in Noisy(Model, picture, options).Index())
            {
                var xi = new float[16];
                new NoiseSource(options.Seed).Normal(
                    new(NoisePurpose.SampledTarget, grid[p % grid.Length], pass.Key),
                    xi
                );
                yield return Backward(pass.Noisy, _ => [.. xi.Select(v => Math.Sqrt(2 / 16.0) * v)]);
            }
        }

        /// <summary>The gradient of the loss in both layers, averaged over the timesteps of a noise draw.</summary>
        public Vector<double>[] Loss(ModelPicture picture, GradientOptions options, int replicate)
        {
            var count = options.Timesteps;
            var passes = Noisy(Model, picture, options)
                .Skip(replicate * count)
                .Take(count)
                .Select(pass =>
                    Backward(pass.Noisy, prediction => [.. prediction.Zip(pass.Noise, (e, y) => 2 / 16.0 * (e - y))])
                )
                .ToList();
            return
            [
                .. Enumerable
                    .Range(0, 2)
                    .Select(l =>
                        Flat(
                            passes.Select(own => own[l].Deltas * own[l].A.Transpose()).Aggregate((sum, m) => sum + m)
                                / count
                        )
                    ),
            ];
        }

        private (Matrix<double> A, Matrix<double> Deltas)[] Backward(float[] noisy, Func<double[], double[]> gradient)
        {
            var first = Patches([
                [.. noisy.Select(v => (double)v)],
            ]);
            var before = _weights.First * first;
            var second = Patches([
                .. Enumerable.Range(0, 2).Select(c => before.Row(c).Select(v => v / (1 + Math.Exp(-v))).ToArray()),
            ]);
            var delta = Matrix<double>.Build.DenseOfRowArrays(gradient([.. (_weights.Second * second).Row(0)]));
            // Back through the patches: what position l sees at (c, k) lies at its neighbour.
            var patches = _weights.Second.Transpose() * delta;
            var hidden = Matrix<double>.Build.Dense(2, 16);
            Neighbours((c, k, l, at) => hidden[c, at] += patches[c * 9 + k, l], 2);
            hidden.MapIndexedInplace((c, l, v) => v * Slope(before[c, l]));
            return [(first, hidden), (second, delta)];
        }

        private static double Slope(double v)
        {
            var s = 1 / (1 + Math.Exp(-v));
            return s * (1 + v * (1 - s));
        }

        private static Matrix<double> Patches(double[][] channels)
        {
            var patches = Matrix<double>.Build.Dense(channels.Length * 9 + 1, 16);
            Neighbours((c, k, l, at) => patches[c * 9 + k, l] = channels[c][at], channels.Length);
            for (var l = 0; l < 16; l++)
                patches[channels.Length * 9, l] = 1;
            return patches;
        }

        private static void Neighbours(Action<int, int, int, int> each, int channels)
        {
            for (var c = 0; c < channels; c++)
            for (var k = 0; k < 9; k++)
            for (var l = 0; l < 16; l++)
            {
                var (y, x) = (l / 4 + k / 3 - 1, l % 4 + k % 3 - 1);
                if (y is >= 0 and < 4 && x is >= 0 and < 4)
                    each(c, k, l, y * 4 + x);
            }
        }

        private static Matrix<double> Weights(float[] weight, float[] bias, int outputs)
        {
            var inputs = weight.Length / outputs;
            return Matrix<double>.Build.Dense(
                outputs,
                inputs + 1,
                (o, i) => i == inputs ? bias[o] : weight[o * inputs + i]
            );
        }
    }
}
