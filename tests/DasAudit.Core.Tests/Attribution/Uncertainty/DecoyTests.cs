using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Uncertainty;
using DasAudit.Core.Audits;
using DasAudit.Core.Gradients;
using TorchSharp;

namespace DasAudit.Core.Tests.Attribution.Uncertainty;

/// <summary>Decoys beside members in the kernel and in the default method, on features of random numbers.</summary>
public class DecoyTests
{
    private const int Members = 40;
    private const int Dimension = 64;

    [Fact]
    public void Pictures_that_the_model_never_saw_get_uniform_p_from_das()
    {
        var pValues = new List<double>();
        for (var batch = 0; batch < 60; batch++)
        {
            var rows = Pictures(batch, Members + 40 * 20);
            var scores = Das(Pictures(1000 + batch, 40), rows, Members);
            for (var q = 0; q < 40; q++)
            {
                // Each query has twenty decoys of its own, of which the first is tested.
                var own = scores.Queries[q].Mean.AsSpan(Members + 20 * q, 20).ToArray();
                pValues.AddRange(ConformalPValues.Compute(own[..1], own[1..]));
            }
        }

        Assert.Equal(2400, pValues.Count);
        Assert.True(Draws.KolmogorovSmirnov(pValues, 20) < 1.95);
    }

    [Fact]
    public void A_planted_near_duplicate_ranks_first_and_is_strong_evidence_and_nothing_else_is()
    {
        const int Decoys = 1500;
        var rows = Pictures(7, Members + Decoys, replicates: 4);
        var query = NearDuplicate(rows[17], 0.5f);
        var scores = Das([query], rows, Members);

        var findings = EvidenceAssessment.Assess(scores, Members, null, new() { Top = 5 });

        Assert.Equal(17, Ranking.Top(scores.Queries[0].Mean, 1)[0]);
        Assert.Equal(1.0 / (Decoys + 1), findings.Pictures[17].PValue!.Value, 1e-12);
        Assert.Equal(Members / (Decoys + 1.0), findings.Pictures[17].QValue!.Value, 1e-12);
        Assert.True(findings.Pictures[17].TopProbability > 0.95);
        Assert.All(findings.Pictures.Index().Where(p => p.Index != 17), p => Assert.Equal(EvidenceStrength.NotEstablished, p.Item.Strength));
        Assert.Equal(new(NullPoolKind.Decoys, Decoys, 1.0 / (Decoys + 1)), findings.Info.NullPool);
    }

    [Fact]
    public void The_factor_of_a_decoy_is_that_of_a_kernel_that_holds_it()
    {
        using var scope = torch.NewDisposeScope();
        var (all, query) = (Matrix(Pictures(3, Members + 2)), Matrix(Pictures(4, 1)));
        var members = all.narrow(0, 0, Members);
        using var kernel = RidgeKernel.Factorise(members);
        using var rows = kernel.Project(all);
        using var queries = kernel.Project(query);
        var factors = DecoyFactors.Compute(kernel, rows, Members, 3.0).data<double>().ToArray();
        var without = kernel.Between(queries, rows, 3.0)[0].data<double>().ToArray();

        Assert.All(factors[..Members], factor => Assert.Equal(1, factor));
        for (var j = Members; j < Members + 2; j++)
        {
            using var larger = RidgeKernel.Factorise(torch.cat([members, all.narrow(0, j, 1)]));
            using var projected = larger.Project(query);
            var within = larger.WithMembers(projected, 3.0)[0][Members].item<double>();
            Assert.Equal(within, without[j] * factors[j], 1e-9 * Math.Abs(within));
            Assert.InRange(factors[j], 0.01, 0.99);
        }
    }

    [Fact]
    public void With_the_factor_members_that_do_not_matter_get_uniform_p_and_without_it_p_is_too_large()
    {
        var (with, without) = (new List<double>(), new List<double>());
        for (var batch = 0; batch < 60; batch++)
        {
            using var scope = torch.NewDisposeScope();
            var all = Matrix(Pictures(batch, Members + Members * 19));
            using var kernel = RidgeKernel.Factorise(all.narrow(0, 0, Members));
            using var rows = kernel.Project(all);
            using var queries = kernel.Project(Matrix(Pictures(1000 + batch, Members)));
            var damping = DegreesOfFreedom.Solve(kernel, 0.5);
            var factors = DecoyFactors.Compute(kernel, rows, Members, damping);
            var plain = kernel.Between(queries, rows, damping);
            foreach (var (scores, pValues) in new[] { (plain, without), (plain * factors, with) })
                for (var q = 0; q < Members; q++)
                {
                    // Query q tests member q against nineteen decoys of its own.
                    double[] own = [.. scores[q].contiguous().data<double>().ToArray().Select(value => value * value)];
                    pValues.AddRange(ConformalPValues.Compute(own[q..(q + 1)], own[(Members + 19 * q)..(Members + 19 * q + 19)]));
                }
        }

        Assert.True(Draws.KolmogorovSmirnov(with, 20) < 1.95, $"{Draws.KolmogorovSmirnov(with, 20)}");
        Assert.True(without.Average() > 0.6, $"{without.Average()}");
    }

    private static List<PictureFeatures> Pictures(int seed, int count, int replicates = 1) =>
        [.. Enumerable.Range(0, count).Select(i => Features.Random(Dimension, seed * 100_000 + i, replicates))];

    private static PictureFeatures NearDuplicate(PictureFeatures picture, float noise)
    {
        float[][] Blur(FeatureKind kind) => [.. picture.Rows[kind].Select((row, r) => row.Zip(Draws.Normal(77 + r, row.Length), (value, n) => value + noise * (float)n).ToArray())];
        return Features.Of(Blur(FeatureKind.UnitMean), Blur(FeatureKind.UnitLoss), picture.SquaredErrors, picture.GradientNorms["mean"]);
    }

    private static torch.Tensor Matrix(List<PictureFeatures> pictures) =>
        torch.tensor(pictures.SelectMany(picture => picture.Output()).Select(value => (double)value).ToArray(), [pictures.Count, Dimension]);

    private static MethodScores Das(List<PictureFeatures> queries, List<PictureFeatures> rows, int members) =>
        new Das().Score(
            new()
            {
                Members = members,
                Rows = rows.Count,
                Queries = queries.Count,
                Replicates = queries[0].SquaredErrors.Length,
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>> { ["das"] = [new(queries, rows, members)] },
            },
            new(), CancellationToken.None);
}
