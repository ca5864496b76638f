using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>das-v with its damping by cross-validation.</summary>
public class DasVDampingTests
{
    private static readonly MethodOptions Gcv = new() { Damping = new CrossValidation() };

    [Theory]
    [InlineData(40, 9, 0, 0, 1, "random")]
    [InlineData(40, 9, 0, 0, 3, "random")]
    [InlineData(20, 30, 0, 0, 1, "low rank")]
    [InlineData(30, 9, 3, 8, 2, "random")]
    public void It_is_that_of_ridge_regression_of_the_targets_on_the_kernels_rows(
        int members,
        int dimension,
        int decoys,
        int background,
        int probes,
        string form
    )
    {
        var method = new DasVMethod(probes, 1);
        var inputs = new Case
        {
            Members = members,
            Dimension = dimension,
            Decoys = decoys,
            Background = background,
            Replicates = 4,
            Form = form,
        }.For(method);
        var chosen = method.Score(inputs, Gcv, TestContext.Current.CancellationToken).Damping;
        Assert.Equal(4, chosen.Distinct().Count());

        var table = Assert.Single(inputs.Features.Values.Single());
        for (var draw = 0; draw < 4; draw++)
        {
            List<double[]> rows = [];
            List<double> targets = [];
            for (var probe = 0; probe < probes; probe++)
            {
                FeatureKind kind = new($"picture-probe:{probe}", Unit: false, Apart: true);
                foreach (var (i, picture) in table.Scored.Take(members).Concat(table.Background).Index())
                {
                    for (var t = 0; t < Case.Timesteps; t++)
                    {
                        // A background picture stands for three; kinds and timesteps are averaged.
                        var scale = Math.Sqrt((i < members ? 1 : 3) / (double)(probes * Case.Timesteps));
                        var row = picture.Rows[kind][(draw * Case.Timesteps) + t];
                        rows.Add([.. row.Select(value => scale * value)]);
                        targets.Add(scale * picture.TangentTargets[kind.Function][draw][t]);
                    }
                }
            }

            var phi = Matrix<double>.Build.DenseOfRowArrays(rows);
            var y = Vector<double>.Build.DenseOfEnumerable(targets);
            // Ten to the −2 to the 4 in steps of a tenth, and of a hundredth around the best of them.
            var coarse = Best(Enumerable.Range(-20, 60).Select(n => n / 10.0));
            var best = Best(Enumerable.Range(-10, 21).Select(n => coarse + (n / 100.0)));
            Assert.InRange(best, -1.99, 3.98);
            Assert.InRange(Math.Log10(chosen[draw]), best - 0.011, best + 0.011);

            double Best(IEnumerable<double> exponents) =>
                exponents.MinBy(exponent => Criterion(phi, y, Math.Pow(10, exponent)));
        }
    }

    /// <summary>
    /// A model linear in its parameters, fitted by ridge regression to noisy targets: how far its predictions at a
    /// query move when a picture is left out is known exactly, and das-v agrees better with it under the λ that is
    /// chosen than under one a hundred times smaller or larger.
    /// </summary>
    [Fact]
    public void It_serves_agreement_with_exact_leave_one_out()
    {
        var agreements = Enumerable.Range(1, 5).Select(Agreement).ToList();
        var chosen = agreements.Average(own => own.Chosen);
        Assert.True(chosen > agreements.Average(own => own.Smaller) + 0.05, string.Join(" ", agreements));
        Assert.True(chosen > agreements.Average(own => own.Larger) + 0.05, string.Join(" ", agreements));
    }

    private static double Criterion(Matrix<double> phi, Vector<double> y, double damping)
    {
        var rest = Matrix<double>.Build.DenseIdentity(phi.RowCount) - phi * phi.Inverse(damping) * phi.Transpose();
        return (rest * y).DotProduct(rest * y) / phi.RowCount / Math.Pow(rest.Trace() / phi.RowCount, 2);
    }

    private static (double Smaller, double Chosen, double Larger) Agreement(int seed)
    {
        const int Count = 60,
            Outputs = 4,
            Parameters = 40,
            QueryProbes = 16;
        const double Noise = 3;
        var key = 100 * seed;
        var kinds = RandomMatrix.Normal(8, Parameters, key);
        Matrix<double> Jacobian(int own, int kind)
        {
            var common = RandomMatrix.Normal(Outputs, 1, own + 5000) * kinds.SubMatrix(kind, 1, 0, Parameters);
            return (RandomMatrix.Normal(Outputs, Parameters, own) + 0.7 * common)
                * Matrix<double>.Build.DenseOfDiagonalArray([
                    .. Enumerable.Range(1, Parameters).Select(j => 1 / Math.Sqrt(j)),
                ]);
        }

        var jacobians = Enumerable.Range(0, Count).Select(i => Jacobian(100_000 * seed + i, i % 8)).ToList();
        var query = Jacobian(100_000 * seed + Count, 3);
        var truth = RandomMatrix.Normal(Parameters, 1, key + 1);
        var y = jacobians
            .Select((j, i) => j * truth + Noise * RandomMatrix.Normal(Outputs, 1, 100_000 * seed + 10_000 + i))
            .ToList();
        var parameters = Fit(-1);
        var exact = Enumerable
            .Range(0, Count)
            .Select(i => Math.Pow((query * (parameters - Fit(i))).FrobeniusNorm(), 2))
            .ToArray();

        FeatureKind loss = new("loss"),
            probe = new("picture-probe:0", Unit: false, Apart: true),
            random = new("random-probe:0", Unit: false, Apart: true);
        var method = new DasVMethod(1, 1);
        var probes = RandomMatrix.Normal(QueryProbes, Outputs, key + 2) * query;
        var inputs = new MethodInputs
        {
            Members = Count,
            Scored = Count,
            Replicates = 1,
            Features = new Dictionary<string, IReadOnlyList<FeatureTable>>
            {
                [method.Needs.Features[0].Name] =
                [
                    new(
                        [Picture([(loss, probes.SubMatrix(0, 1, 0, Parameters)), (random, probes)], 0)],
                        [
                            .. jacobians.Select(
                                (j, i) =>
                                {
                                    // ỹ = Jθ + (y − Jθ)
                                    var v = RandomMatrix.Normal(1, Outputs, 100_000 * seed + 20_000 + i);
                                    var residual = y[i] - j * parameters;
                                    return Picture(
                                        [(loss, (j.TransposeThisAndMultiply(residual)).Transpose()), (probe, v * j)],
                                        (v * (j * parameters + residual))[0, 0]
                                    );
                                }
                            ),
                        ],
                        Count
                    ),
                ],
            },
        };
        var damping = method.Score(inputs, Gcv, TestContext.Current.CancellationToken).Damping.Single();
        return (Rank(damping / 100), Rank(damping), Rank(damping * 100));

        double Rank(double value) =>
            Correlation.Spearman(
                exact,
                method
                    .Score(inputs, new() { Damping = new Damped(value) }, TestContext.Current.CancellationToken)
                    .Queries[0]
                    .Mean
            );

        // The best linear prediction of parameters of unit variance: λ is the variance of the noise.
        Matrix<double> Fit(int without)
        {
            var kernel = Noise * Noise * Matrix<double>.Build.DenseIdentity(Parameters);
            var sum = Matrix<double>.Build.Dense(Parameters, 1);
            foreach (var (i, j) in jacobians.Index().Where(pair => pair.Index != without))
            {
                kernel += j.TransposeThisAndMultiply(j);
                sum += j.TransposeThisAndMultiply(y[i]);
            }

            return kernel.Solve(sum);
        }
    }

    private static PictureFeatures Picture(
        IEnumerable<(FeatureKind Kind, Matrix<double> Rows)> features,
        double target
    ) =>
        new()
        {
            Rows = features.ToDictionary(
                feature => feature.Kind,
                feature =>
                    feature.Rows.EnumerateRows().Select(row => row.Select(value => (float)value).ToArray()).ToArray()
            ),
            SquaredErrors =
            [
                [1],
            ],
            GradientNorms = new Dictionary<string, double[][]>(),
            TangentTargets = new Dictionary<string, double[][]>
            {
                ["picture-probe:0"] =
                [
                    [target],
                ],
            },
        };
}
