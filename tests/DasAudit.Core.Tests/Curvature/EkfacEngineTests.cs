using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Curvature;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>K-FAC and EK-FAC against matrices formed and inverted.</summary>
public class EkfacEngineTests
{
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
        var pictures = EkfacReference.Pictures(7, 16);
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
                var gammaK = EkfacReference.Damping * product.Trace() / product.RowCount;
                var q = b.Evd().EigenVectors.KroneckerProduct(a.Evd().EigenVectors);
                var mean =
                    rounds
                        .Select(round => q.Transpose() * EkfacReference.Flat(round[l].Deltas * round[l].A.Transpose()))
                        .Aggregate(Vector<double>.Build.Dense(product.RowCount), (sum, v) => sum + v.PointwisePower(2))
                    / rounds.Count;
                var inverseK = (product + gammaK * Matrix<double>.Build.DenseIdentity(product.RowCount)).Inverse();
                var inverseE = (
                    q * Matrix<double>.Build.DenseOfDiagonalVector(mean) * q.Transpose()
                    + EkfacReference.Damping * mean.Average() * Matrix<double>.Build.DenseIdentity(product.RowCount)
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
    public void A_query_has_the_same_bits_among_others_however_many_are_held_at_once()
    {
        var options = new GradientOptions { Timesteps = 2, Replicates = 2 };
        var pictures = EkfacReference.Pictures(9, 192);
        EkfacScores Compute(ModelPicture[] queries, long memory) =>
            new EkfacEngine(new(() => new TinyUnet()), options, 2) { QueryMemory = memory }.Compute(
                queries,
                pictures[3..],
                5,
                null,
                TestContext.Current.CancellationToken
            );
        var alone = Compute([pictures[1]], 0);
        foreach (var memory in (long[])[0, 1 << 30])
        {
            var together = Compute(pictures[..3], memory).Of([1]);
            Assert.Equal(alone.Kronecker, together.Kronecker);
            Assert.Equal(alone.Corrected, together.Corrected);
        }
    }

    /// <summary>Of 32 rows, sixteen draws of two timesteps fit: 21 pictures fill a batch and a part of one.</summary>
    [Fact]
    public void Batches_of_many_pictures_give_the_same()
    {
        var pictures = EkfacReference.Pictures(23, 192);
        var notices = new Notices();
        var alone = Compute(() => new TinyUnet(), takesMany: false);
        foreach (var load in (Func<IDiffusionModel>[])[() => new TinyUnet(), () => new LimitedModel(24)])
        {
            Assert.Empty(notices.Heard);
            var together = Compute(load, takesMany: true);
            Tables.Close(alone.Kronecker[0][0], together.Kronecker[0][0], 1e-4);
            Tables.Close(alone.Corrected[0][0], together.Corrected[0][0], 1e-4);
        }
        Assert.All(notices.Heard, notice => Assert.Contains("they have 16 rows", notice));
        // Both rounds of the fit, and the gradients.
        Assert.InRange(notices.Heard.Count, 3, 4);

        EkfacScores Compute(Func<IDiffusionModel> load, bool takesMany) =>
            new EkfacEngine(new(load), new() { Timesteps = 2, Replicates = 1 }, 1)
            {
                TakesManyPictures = takesMany,
            }.Compute(pictures[..1], pictures[1..], 21, notices, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Gradients_are_rotated_together_as_one_by_one()
    {
        using var scope = NewDisposeScope();
        var options = new GradientOptions { Timesteps = 3, Replicates = 2 };
        using var worker = new KroneckerWorker(new ModelPool(() => new TinyUnet()).Rent(), options);
        worker.Prepare(null);
        using var factors = new FactorSums(worker.Layers);
        var picture = EkfacReference.Pictures(1, 192)[0];
        worker.Add(picture, factors, 8, TestContext.Current.CancellationToken);
        var bases = worker.Layers.Select((_, layer) => factors.Basis(layer)).ToList();
        using var single = new EigenvalueSums(worker.Layers, bases) { RowsTogether = 1 };
        using var together = new EigenvalueSums(worker.Layers, bases) { RowsTogether = 4 };
        worker.Add(picture, single, 8, TestContext.Current.CancellationToken);
        worker.Add(picture, together, 8, TestContext.Current.CancellationToken);

        foreach (var (layer, basis) in bases.Index())
        {
            using var expected = single.Eigenvalues(layer);
            using var actual = together.Eigenvalues(layer);
            Tables.Close([.. expected.flatten().data<double>()], [.. actual.flatten().data<double>()], 1e-5);
            basis?.Dispose();
        }
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var pictures = EkfacReference.Pictures(2, 192);
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
}
