using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// das-v of a model with several outputs, linear in its parameters and fitted by ridge regression, with every output
/// probed: exactly how far the whole prediction at the query moves when pictures are left out and the model is fitted
/// anew. The gradients of the loss are taken where the fit without the pictures leaves them, which is what the matrix
/// of leverages (I − A)⁻¹ does to residuals.
/// </summary>
public class DasVRefitTests
{
    private const int Outputs = 4;
    private const int Parameters = 7;
    private const int Count = 8;

    // Probing each output by √d times its unit vector is a probe of unit covariance: (1/d)·Σ_s v_s·v_sᵀ = I.
    private const double Probe = 2;

    [Fact]
    public void Scores_are_the_squared_changes_of_all_outputs_after_exact_refits()
    {
        for (var i = 0; i < Count; i++)
        {
            var (score, _, change) = LeaveOut(3, i);
            Assert.Equal(change, score[i], 1e-8 * change);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(0, 1, 2, 3, 4, 5)]
    public void Vectors_of_a_set_add_up_to_its_exact_change(params int[] set)
    {
        var (_, inner, change) = LeaveOut(2, set);
        var together = inner.Average(s => Math.Pow(set.Sum(i => s[i]), 2));
        Assert.Equal(change, together, 1e-8 * change);
        Assert.NotEqual(change, set.Sum(i => inner.Average(s => s[i] * s[i])), 0.01 * change);
    }

    // Chooses the residuals that the fit without some pictures shall leave, numbers that single precision holds, and
    // the targets that follow.
    private static (double[] Scores, double[][] Inner, double Change) LeaveOut(double lambda, params int[] set)
    {
        var jacobians = Enumerable
            .Range(0, Count)
            .Select(i =>
                Matrix<double>.Build.Dense(
                    Outputs,
                    Parameters,
                    (s, j) => Math.Round(8 * Math.Sin(1 + i * i + 2.3 * s + 5.1 * j)) / 4
                )
            )
            .ToArray();
        var query = Matrix<double>.Build.Dense(Outputs, Parameters, (s, j) => Math.Round(8 * Math.Cos(s + j * j)) / 4);
        var left = Enumerable
            .Range(0, Count)
            .Select(i => Vector<double>.Build.Dense(Outputs, s => Math.Round(4 * Math.Cos(i + 2.7 * s)) / 4))
            .ToArray();

        var kernel =
            jacobians.Select(j => j.TransposeThisAndMultiply(j)).Aggregate((a, b) => a + b)
            + lambda * Matrix<double>.Build.DenseIdentity(Parameters);
        var stacked = set.Select(i => jacobians[i]).Aggregate((a, b) => a.Stack(b));
        var seen = Vector<double>.Build.DenseOfEnumerable(set.SelectMany(i => left[i])) is var outside
            ? outside - stacked * kernel.Solve(stacked.TransposeThisAndMultiply(outside))
            : outside;
        var residuals = left.Select(
                (own, i) => Array.IndexOf(set, i) is >= 0 and var at ? seen.SubVector(at * Outputs, Outputs) : own
            )
            .ToArray();
        var theta =
            jacobians.Select((j, i) => j.TransposeThisAndMultiply(residuals[i])).Aggregate((a, b) => a + b) / lambda;
        var targets = jacobians.Select((j, i) => j * theta + residuals[i]).ToArray();

        var all = Enumerable.Range(0, Count).ToArray();
        var change = (query * (Fit(all) - Fit([.. all.Except(set)]))).DotProduct(
            query * (Fit(all) - Fit([.. all.Except(set)]))
        );

        var method = new DasVMethod(kernelProbes: Outputs, queryProbes: Outputs);
        var scores = Single
            .Score(
                method,
                Single.Picture(
                    null,
                    [
                        (new("loss"), [query.Row(0).ToArray()]),
                        .. Enumerable
                            .Range(0, Outputs)
                            .Select(s =>
                                (
                                    new FeatureKind($"random-probe:{s}", false, true),
                                    new[] { (query.Row(s) * Probe).ToArray() }
                                )
                            ),
                    ]
                ),
                [
                    .. jacobians.Select(
                        (j, i) =>
                            Single.Picture(
                                null,
                                [
                                    (new("loss"), [j.TransposeThisAndMultiply(left[i]).ToArray()]),
                                    .. Enumerable
                                        .Range(0, Outputs)
                                        .Select(s =>
                                            (
                                                new FeatureKind($"picture-probe:{s}", false, true),
                                                new[] { (j.Row(s) * Probe).ToArray() }
                                            )
                                        ),
                                ]
                            )
                    ),
                ],
                new() { Damping = new Damped(lambda) }
            )
            .Queries[0];
        return (scores.Mean, scores.Inner![0], change);

        Vector<double> Fit(int[] kept) =>
            (
                kept.Select(i => jacobians[i].TransposeThisAndMultiply(jacobians[i]))
                    .Aggregate(lambda * Matrix<double>.Build.DenseIdentity(Parameters), (a, b) => a + b)
            ).Solve(kept.Select(i => jacobians[i].TransposeThisAndMultiply(targets[i])).Aggregate((a, b) => a + b));
    }
}
