using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using DasAudit.Core.Tests.Attribution.Sets;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// What methods say of leaving out sets, against models linear in their parameters that are fitted from scratch without
/// them: each kernel's model has the method's features and targets of which the method's residuals remain.
/// </summary>
public class RefitsTests
{
    internal static readonly string[] Ids =
    [
        "das",
        "das-loo",
        "das-signed",
        "das-layered",
        "d-trak",
        "d-trak:weighted-mse",
        "trak",
        "journey-trak",
        "pva-12",
    ];

    private static readonly Case[] Cases =
    [
        .. CommonCases.All,
        new()
        {
            Members = 8,
            Dimension = 7,
            Form = "low rank",
        },
        new()
        {
            Members = 6,
            Dimension = 9,
            Form = "duplicates",
        },
    ];

    public static TheoryData<string, int, SubsetSearch> All =>
        [
            .. from id in Ids
            from number in Enumerable.Range(0, Cases.Length)
            from search in Enum.GetValues<SubsetSearch>()
            select (id, number, search),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public void The_influence_of_every_set_chosen_is_that_of_refits_without_it(
        string id,
        int number,
        SubsetSearch search
    )
    {
        var method = MethodCatalog.Find(id);
        var inputs = Cases[number].For(MethodCatalog.Find(id));
        var scores = method.Score(
            inputs,
            new() { Residual = ResidualKind.Rms, WithRefits = true },
            TestContext.Current.CancellationToken
        );
        var fits = Fits(id, inputs, scores.Damping);

        var found = MostInfluentialSubset.OfRefits(
            scores.Refits!,
            new()
            {
                Size = inputs.Members,
                Search = search,
                StopAtZero = false,
            }
        );

        Assert.Equal(scores.Damping.Count, scores.Refits!.Kernels.Count);
        Assert.Equal(inputs.Members, found.Order.Count);
        for (var pick = 0; pick < found.Order.Count; pick++)
        {
            int[] set = [.. found.Order.Take(pick + 1)];
            var expected = fits.Average(fit => fit(set));
            // Features of low rank are so only to single precision, and queries have parts outside it.
            var tolerance = (Cases[number].Form == "low rank" ? 1e-7 : 1e-8) * fits.Average(fit => Math.Abs(fit(set)));
            Assert.Equal(expected, found.Influence[pick], tolerance);
            Assert.Equal(expected, scores.Refits.Of(set), tolerance);
        }
    }

    [Fact]
    public void Of_one_picture_it_is_the_score_of_the_method_that_has_the_leverage()
    {
        var method = MethodCatalog.Find("das-loo");
        var scores = method.Score(
            Cases[2].For(method),
            new() { Residual = ResidualKind.Rms, WithRefits = true },
            TestContext.Current.CancellationToken
        );
        for (var i = 0; i < Cases[2].Members; i++)
            Assert.Equal(1, scores.Refits!.Of([i]) / scores.Queries[0].Mean[i], 1e-8);
    }

    [Theory]
    [InlineData("das", 2)]
    [InlineData("pva-12", 1)]
    public void Copies_left_out_together_count_as_their_leverage_says(string id, int power)
    {
        var method = MethodCatalog.Find(id);
        var inputs = new Case { Members = 8, Form = "duplicates" }.For(MethodCatalog.Find(id));
        var refits = method.Score(inputs, new() { WithRefits = true }, TestContext.Current.CancellationToken).Refits!;
        var expected = refits.Kernels.Average(kernel =>
            refits.Influence(kernel.Of([2]))
            * Math.Pow(2 * (1 - kernel.Leverage(2)) / (1 - 2 * kernel.Leverage(2)), power)
        );
        Assert.Equal(1, refits.Of([2, 3]) / expected, 1e-8);
        Assert.True(refits.Of([2, 3]) > Math.Pow(2, power) * refits.Of([2]) * 1.01);
    }

    [Fact]
    public void Without_being_asked_for_with_several_dampings_or_hardly_any_there_is_nothing()
    {
        foreach (var id in Ids)
        {
            var method = MethodCatalog.Find(id);
            var inputs = Cases[0].For(method);
            Assert.Null(Refits(new()));
            Assert.NotNull(Refits(new() { WithRefits = true, Damping = new FixedDamping(50) }));
            Assert.Null(Refits(new() { WithRefits = true, Damping = new DampingBand(0.05, 0.2) }));
            if (id != "das-loo")
                Assert.Null(Refits(new() { WithRefits = true, Damping = new FixedDamping(0) }));

            RefitInfluence? Refits(MethodOptions options) =>
                method.Score(inputs, options, TestContext.Current.CancellationToken).Refits;
        }
    }

    [Fact]
    public void One_kernel_that_cannot_say_it_silences_the_others()
    {
        // The middle one of three checkpoints has two dampings.
        var method = MethodCatalog.Find("trak");
        var dampings = new Queue<double[]>([
            [5],
            [5, 6],
            [5],
        ]);
        Assert.Null(
            method
                .Score(
                    Cases[4].For(method),
                    new() { WithRefits = true, Damping = new Turns(dampings) },
                    TestContext.Current.CancellationToken
                )
                .Refits
        );
        Assert.Empty(dampings);
    }

    [Theory]
    [InlineData("das-v")]
    [InlineData("das-official")]
    [InlineData("relative-if")]
    [InlineData("renormalized-if")]
    [InlineData("gradient-dot")]
    [InlineData("pva")]
    public void Methods_whose_scores_are_no_change_of_a_linear_model_say_nothing(string id)
    {
        var method = MethodCatalog.Find(id);
        Assert.Null(
            method
                .Score(Cases[0].For(method), new() { WithRefits = true }, TestContext.Current.CancellationToken)
                .Refits
        );
    }

    [Fact]
    public void More_values_than_the_bound_are_not_kept()
    {
        var computed = new List<int>();
        var members = (int)Math.Sqrt(RefitInfluence.MostValues / 2.5);
        var refits = new RefitGatherer();
        using var kernel = Core.Attribution.Kernel.RidgeKernel.Factorise(eye(2, dtype: float64));
        for (var k = 0; k < 4; k++)
            refits.Add(kernel, [1], members, SetEffect.Change, _ => Computed(k));

        Assert.Equal([0, 1], computed);
        Assert.Null(refits.Finish());

        LinearInfluence Computed(int index)
        {
            computed.Add(index);
            return new([1], [0], [1]);
        }
    }

    // For each kernel the influence of a set by refitting, in the units of the method.
    private static List<Func<int[], double>> Fits(string id, MethodInputs inputs, IReadOnlyList<double> dampings)
    {
        var tables = inputs.Features.Values.Single();
        var kind = tables[0].Scored[0].Rows.Keys.OrderBy(own => own == FeatureKind.UnitMean ? 0 : 1).First();
        var rowsEach = tables[0].Scored.RowsOf(kind) / inputs.Replicates;
        var kernels =
            from r in Enumerable.Range(0, inputs.Replicates)
            from table in tables.TakeLast(id == "trak" ? tables.Count : 1)
            from row in Enumerable.Range(r * rowsEach, rowsEach)
            from part in id == "das-layered" ? LayerGroups.Of(table.Layers).Select(table.Columns) : [table]
            select (Replicate: r, Table: part, Row: row);
        return
        [
            .. kernels.Zip(
                dampings,
                (own, damping) =>
                {
                    using var scope = NewDisposeScope();
                    var features = Rows(own.Table.KernelMatrix(kind, own.Row));
                    var query =
                        id == "journey-trak"
                            ? Rows(
                                stack(
                                        Enumerable
                                            .Range(own.Replicate * Case.Steps, Case.Steps)
                                            .Select(step =>
                                                own.Table.QueryMatrix(new("loss", Unit: false, Apart: true), step)[0]
                                            )
                                    )
                                    .mean([0L], keepdim: true)
                            )[0]
                            : Rows(own.Table.QueryMatrix(kind, own.Row))[0];
                    double[] residuals =
                    [
                        .. Enumerable
                            .Range(0, features.Length)
                            .Select(i =>
                                id.StartsWith("das", StringComparison.Ordinal) && i < inputs.Members
                                    ? Math.Sqrt(own.Table.Scored[i].SquaredErrors[own.Replicate].Average())
                                    : 1
                            ),
                    ];
                    var fit = RidgeFit.OfResiduals(features, residuals, query, damping);
                    return id switch
                    {
                        "das" or "das-loo" or "das-layered" => (Func<int[], double>)(
                            set => Math.Pow(fit.Influence(set), 2)
                        ),
                        "pva-12" => set => (fit.Variance(set) - fit.Variance([])) / damping,
                        _ => set => fit.Influence(set),
                    };
                }
            ),
        ];

        static double[][] Rows(Tensor matrix) =>
            [.. matrix.contiguous().data<double>().ToArray().Chunk((int)matrix.shape[1])];
    }

    private sealed record Turns(Queue<double[]> Values) : IDampingRule
    {
        public IReadOnlyList<double> Choose(DampingProblem problem) => Values.Dequeue();
    }
}
