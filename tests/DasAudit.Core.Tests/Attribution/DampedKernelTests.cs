using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using DasAudit.Core.Tests.Attribution.Methods;
using DasAudit.Core.Tests.Attribution.Sets;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution;

/// <summary>
/// Against ridge regressions that are fitted from scratch: of the training pictures, and for a decoy of these and the
/// decoy.
/// </summary>
public class DampedKernelTests
{
    private static readonly FeatureKind[] OneKind = [FeatureKind.UnitMean];
    private static readonly FeatureKind[] TwoKinds = [FeatureKind.UnitMean, FeatureKind.UnitLoss];
    private static readonly double[] Dampings = [0.3, 20];

    private static readonly Case[] Cases =
    [
        new()
        {
            Members = 6,
            Dimension = 9,
            Decoys = 3,
            Queries = 2,
        },
        new()
        {
            Members = 9,
            Dimension = 4,
            Decoys = 2,
            Background = 5,
        },
        new()
        {
            Members = 7,
            Dimension = 7,
            Background = 2,
        },
        new()
        {
            Members = 6,
            Dimension = 8,
            Decoys = 2,
            Form = "duplicates",
        },
        new()
        {
            Members = 1,
            Dimension = 5,
            Decoys = 1,
        },
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Scores_are_what_a_fit_to_the_picture_alone_predicts_at_the_query(int number)
    {
        // Responses 1 for the picture and 0 for all others: θ = K_λ⁻¹·φ_i, whose prediction is φ(z)ᵀ·θ.
        var table = Table(number);
        using var kernel = Kernel(table, OneKind);
        foreach (var damping in Dampings)
        {
            var fits = new Fits(table, OneKind, damping);
            Close(table, (q, i) => Feature(table.Queries[q]) * fits.ToPicture(i), kernel.Scores(damping));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Scores_of_another_kind_are_products_with_the_inverse_of_each_pictures_kernel(int number)
    {
        var table = Table(number);
        foreach (var kinds in new[] { OneKind, TwoKinds })
        {
            using var kernel = Kernel(table, kinds);
            using var queries = kernel.Project([new(FeatureKind.UnitLoss, 0)]);
            foreach (var damping in Dampings)
            {
                var fits = new Fits(table, kinds, damping);
                Close(
                    table,
                    (q, i) => Loss(table.Queries[q]) * fits.Solve(i, Loss(table.Scored[i])),
                    kernel.Scores(damping, queries, FeatureKind.UnitLoss)
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Leverages_and_step_lengths_are_those_of_a_kernel_that_holds_the_picture(int number)
    {
        var table = Table(number);
        using var kernel = Kernel(table, OneKind);
        foreach (var damping in Dampings)
        {
            var fits = new Fits(table, OneKind, damping);
            Close(table, i => Feature(table.Scored[i]) * fits.ToPicture(i), kernel.Leverages(damping));
            Close(table, i => fits.ToPicture(i).L2Norm(), kernel.StepLengths(damping));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_decoys_residual_is_what_learning_it_leaves(int number)
    {
        // A response ρ at the decoy, 0 elsewhere: the fit predicts h·ρ there, and ρ − h·ρ remains.
        var table = Table(number);
        using var kernel = Kernel(table, OneKind);
        foreach (var damping in Dampings)
        {
            var fits = new Fits(table, OneKind, damping);
            Close(
                table,
                i =>
                {
                    var rho = Math.Sqrt(table.Scored[i].SquaredErrors[0].Average());
                    return i < table.Members ? rho : rho - rho * (Feature(table.Scored[i]) * fits.ToPicture(i));
                },
                kernel.Residuals(ResidualKind.Rms, damping)
            );
            Close(table, _ => 1, kernel.Residuals(ResidualKind.None, damping));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Influence_on_the_loss_is_the_mean_over_dampings_of_one_scale(int number)
    {
        var table = Table(number);
        using var kernel = Kernel(table, OneKind);
        var byDamping = Dampings.Select(damping => new Fits(table, OneKind, damping)).ToList();
        double Influence(Fits fits, int q, int i) => Loss(table.Queries[q]) * fits.Solve(i, Loss(table.Scored[i]));
        Close(
            table,
            (q, i) =>
            {
                var factors = BandAverage.Factors([
                    .. byDamping.Select(fits => Members(table).Select(member => Influence(fits, q, member)).ToArray()),
                ]);
                return byDamping.Select((fits, l) => factors[l] * Influence(fits, q, i)).Average();
            },
            kernel.LossInfluence(FeatureKind.UnitLoss)
        );
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Leaving_out_members_changes_the_prediction_as_refits_do(int number)
    {
        var table = Table(number);
        using var kernel = Kernel(table, OneKind);
        var features = table.KernelMatrix(FeatureKind.UnitMean, 0).Matrix().ToRowArrays();
        var query = Feature(table.Queries[0]).ToArray();
        double[] ones = [.. features.Select(_ => 1.0)];
        foreach (var damping in Dampings)
        {
            var fit = RidgeFit.OfResiduals(features, ones, query, damping);
            var influence = kernel.Refit(damping, SetEffect.Change, residuals: null);
            Assert.Equal(table.Members, influence.Count);
            for (var size = 1; size <= table.Members; size++)
            {
                int[] set = [.. Members(table).Take(size)];
                Assert.Equal(fit.Influence(set), influence.Of(set), 1e-8 * Math.Abs(fit.Influence(set)));
            }
        }
    }

    [Fact]
    public void The_rule_of_the_options_goes_before_that_of_the_method_and_that_before_the_default()
    {
        var source = new KernelSource(Table(0), OneKind, 0);
        var das = new DasMethod().Description;
        var byMethod = das with { Damping = new FixedDamping(7) };
        Assert.Equal([5], Chosen(byMethod, new() { Damping = new FixedDamping(5) }));
        Assert.Equal([7], Chosen(byMethod, new()));
        Assert.Equal(Chosen(das, new() { Damping = DampingRules.Default }), Chosen(das with { Damping = null }, new()));

        IReadOnlyList<double> Chosen(MethodDescription method, MethodOptions options)
        {
            using var kernel = DampedKernel.Of(source, method, options);
            return kernel.Dampings;
        }
    }

    private static FeatureTable Table(int number) => Cases[number].For(new DasMethod()).Tables("das")[^1];

    private static DampedKernel Kernel(FeatureTable table, FeatureKind[] kinds) =>
        DampedKernel.Of(
            new KernelSource(table, kinds, 0),
            new DasMethod().Description,
            new() { Damping = new Damped(Dampings) }
        );

    private static IEnumerable<int> Members(FeatureTable table) => Enumerable.Range(0, table.Members);

    private static Vector<double> Feature(PictureFeatures picture) => Feature(picture, FeatureKind.UnitMean);

    private static Vector<double> Loss(PictureFeatures picture) => Feature(picture, FeatureKind.UnitLoss);

    private static Vector<double> Feature(PictureFeatures picture, FeatureKind kind) =>
        Vector<double>.Build.DenseOfEnumerable(picture.Rows[kind][0].Select(value => (double)value));

    private static void Close(FeatureTable table, Func<int, int, double> expected, Tensor actual)
    {
        Assert.Equal([table.Queries.Count, table.Scored.Count], actual.shape);
        for (var q = 0; q < table.Queries.Count; q++)
            Close(table, i => expected(q, i), actual[q]);
    }

    private static void Close(FeatureTable table, Func<int, double> expected, Tensor actual) =>
        Tables.Close(
            [.. Enumerable.Range(0, table.Scored.Count).Select(expected)],
            [.. actual.contiguous().data<double>()]
        );

    /// <summary>A dense ridge regression for each scored picture.</summary>
    private sealed class Fits(FeatureTable table, FeatureKind[] kinds, double damping)
    {
        /// <summary>K_λ⁻¹·b, K of the training pictures and, if it is a decoy, of the picture.</summary>
        public Vector<double> Solve(int picture, Vector<double> b)
        {
            var rows = Rows(picture);
            var kernel = rows.TransposeThisAndMultiply(rows);
            return (kernel + damping * Matrix<double>.Build.DenseIdentity(kernel.RowCount)).Solve(b);
        }

        /// <summary>θ of a regression with the response 1 at the picture and 0 at all others.</summary>
        public Vector<double> ToPicture(int picture)
        {
            var rows = Rows(picture);
            var responses = Vector<double>.Build.Dense(rows.RowCount);
            responses[picture < table.Members ? picture : rows.RowCount - 1] = 1;
            return Solve(picture, rows.TransposeThisAndMultiply(responses));
        }

        private Matrix<double> Rows(int scored)
        {
            IEnumerable<PictureFeatures> decoy = scored < table.Members ? [] : [table.Scored[scored]];
            var rows =
                from kind in kinds
                from row in table
                    .Scored.Take(table.Members)
                    .Select(member => Feature(member, kind))
                    .Concat(
                        table.Background.Select(picture => Feature(picture, kind) * Math.Sqrt(table.BackgroundWeight))
                    )
                    .Concat(decoy.Select(picture => Feature(picture, kind)))
                select row / Math.Sqrt(kinds.Length);
            return Matrix<double>.Build.DenseOfRowVectors(rows);
        }
    }
}
