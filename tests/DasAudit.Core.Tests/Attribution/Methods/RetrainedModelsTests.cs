using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Diffusion;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>empirical-influence and datamodel.</summary>
public class RetrainedModelsTests
{
    private const int Members = 8;

    private static readonly double[] Planted = [3, -2, 0, 1, 0, -0.5, 0, 2];

    [Fact]
    public void Empirical_influence_is_the_difference_of_mean_losses()
    {
        var models = Models(40, noise: 1);
        var scores = Score(new EmpiricalInfluenceMethod(), models);
        for (var q = 0; q < 2; q++)
        {
            for (var i = 0; i < Members; i++)
            {
                var with = Enumerable
                    .Range(0, 40)
                    .Where(m => models.Memberships[m][i])
                    .Average(m => models.Losses[m][q]);
                var without = Enumerable
                    .Range(0, 40)
                    .Where(m => !models.Memberships[m][i])
                    .Average(m => models.Losses[m][q]);
                Assert.Equal(without - with, scores.Queries[q].Mean[i], 1e-12);
            }

            Assert.Equal([0, 0], scores.Queries[q].Mean[Members..]);
        }
    }

    [Fact]
    public void Datamodel_recovers_planted_linear_influences()
    {
        var scores = Score(new DatamodelMethod(), Models(400, noise: 0.1));
        for (var i = 0; i < Members; i++)
        {
            Assert.Equal(Planted[i], scores.Queries[0].Mean[i], 0.05);
            Assert.Equal(-Planted[i], scores.Queries[1].Mean[i], 0.05);
        }

        Assert.Equal([0, 0], scores.Queries[0].Mean[Members..]);
    }

    [Theory]
    [InlineData(12, 0.1)]
    [InlineData(23, 5)]
    [InlineData(60, 1)]
    public void Datamodel_is_the_ridge_regression_whose_penalty_predicts_left_out_models_best(int count, double noise)
    {
        var models = Models(count, noise);
        var scores = Score(new DatamodelMethod(), models);
        for (var q = 0; q < 2; q++)
        {
            double Error(double alpha) =>
                Enumerable
                    .Range(0, 5)
                    .Sum(fold =>
                    {
                        var left = Enumerable
                            .Range(0, count)
                            .Where(m => m >= fold * count / 5 && m < (fold + 1) * count / 5)
                            .ToArray();
                        var (intercept, weights) = Ridge(
                            models,
                            [.. Enumerable.Range(0, count).Except(left)],
                            q,
                            alpha
                        );
                        return left.Sum(m => Math.Pow(intercept + weights * Row(models, m) - models.Losses[m][q], 2));
                    });
            var alpha = new[] { 0.1, 1, 10, 100, 1000, 10000 }.MinBy(Error);

            Assert.Equal(alpha, scores.Damping[q]);
            Tables.Close(
                [.. Ridge(models, [.. Enumerable.Range(0, count)], q, alpha).Weights.Negate()],
                scores.Queries[q].Mean[..Members]
            );
        }
    }

    [Fact]
    public void Tables_that_do_not_fit_and_too_few_models_are_refused()
    {
        Assert.Contains(
            "at least 5",
            Assert.Throws<AuditException>(() => Score(new DatamodelMethod(), Models(4, 1))).Message
        );
        Assert.Contains(
            "at least 2",
            Assert.Throws<AuditException>(() => Score(new EmpiricalInfluenceMethod(), Models(1, 1))).Message
        );
        var models = Models(30, 1);
        Assert.Contains(
            "other pictures",
            Assert
                .Throws<AuditException>(() => Score(new DatamodelMethod(), models with { Losses = models.Losses[1..] }))
                .Message
        );
        Assert.Contains(
            "other pictures",
            Assert
                .Throws<AuditException>(() =>
                    Score(
                        new DatamodelMethod(),
                        models with
                        {
                            Memberships = [.. models.Memberships.Select(own => own[1..])],
                        }
                    )
                )
                .Message
        );
        Assert.Contains(
            "not finite",
            Assert
                .Throws<AuditException>(() =>
                    Score(
                        new DatamodelMethod(),
                        models with
                        {
                            Losses =
                            [
                                [double.NaN, 0],
                                .. models.Losses[1..],
                            ],
                        }
                    )
                )
                .Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_picture_that_all_models_saw_or_none_scores_0_and_changes_no_other(bool seen)
    {
        var models = Models(30, 1);
        var all = models with { Memberships = [.. models.Memberships.Select(own => (bool[])[seen, .. own[1..]])] };
        foreach (
            IAttributionMethod method in (IAttributionMethod[])[new EmpiricalInfluenceMethod(), new DatamodelMethod()]
        )
        {
            var scores = Score(method, all).Queries[0].Mean;
            Assert.Equal((0, false), (scores[0], double.IsNegative(scores[0])));
            Assert.All(scores[1..Members], score => Assert.NotEqual(0, score));
        }

        Assert.Equal(
            Score(new EmpiricalInfluenceMethod(), models).Queries[0].Mean[1..],
            Score(new EmpiricalInfluenceMethod(), all).Queries[0].Mean[1..]
        );
    }

    private static RetrainedModels Models(int count, double noise)
    {
        var source = new NoiseSource(9);
        bool[][] memberships =
        [
            .. Enumerable
                .Range(0, count)
                .Select(m =>
                    Enumerable
                        .Range(0, Members)
                        .Select(i => source.Below(new(NoisePurpose.TrainingOrder, m, 0), i, 2) == 1)
                        .ToArray()
                ),
        ];
        return new(
            memberships,
            [
                .. memberships.Select(
                    (own, m) =>
                    {
                        var effect = Planted.Where((_, i) => own[i]).Sum();
                        var errors = Tables.Normal(700 + m, 2);
                        return new[] { 10 - effect + noise * errors[0], 4 + effect + noise * errors[1] };
                    }
                ),
            ]
        );
    }

    private static MethodScores Score(IAttributionMethod method, RetrainedModels models) =>
        method.Score(Tables.Inputs(Members, Members + 2, 2) with { Retrained = models });

    // With an unpenalised intercept, from the normal equations.
    private static (double Intercept, Vector<double> Weights) Ridge(
        RetrainedModels models,
        int[] kept,
        int query,
        double alpha
    )
    {
        var x = Matrix<double>.Build.DenseOfRows(kept.Select(m => Row(models, m).Append(1.0)));
        var penalty = Matrix<double>.Build.Dense(Members + 1, Members + 1, (i, j) => i == j && i < Members ? alpha : 0);
        var y = Vector<double>.Build.DenseOfEnumerable(kept.Select(m => models.Losses[m][query]));
        var solution = (x.Transpose() * x + penalty).Solve(x.Transpose() * y);
        return (solution[Members], solution.SubVector(0, Members));
    }

    private static Vector<double> Row(RetrainedModels models, int model) =>
        Vector<double>.Build.DenseOfEnumerable(models.Memberships[model].Select(member => member ? 1.0 : 0.0));
}
