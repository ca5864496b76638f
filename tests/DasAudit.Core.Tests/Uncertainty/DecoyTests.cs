using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Audits;
using DasAudit.Core.Features;
using DasAudit.Core.Uncertainty;
using TorchSharp;

namespace DasAudit.Core.Tests.Uncertainty;

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
            var scores = DasMethod(Pictures(1000 + batch, 40), rows, Members);
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
        List<PictureFeatures> rows =
        [
            .. Pictures(1, Members + Decoys).Select((picture, i) => Noisy(picture, 4, 0.3f, i)),
        ];
        var query = Noisy(Pictures(1, 18)[17], 4, 0.3f, -1);
        var scores = DasMethod([query], rows, Members);

        var findings = EvidenceAssessment.Assess(scores, Members, null, new() { Top = 5 }, new DasMethod().Description);

        Assert.Equal(17, Ranking.Top(scores.Queries[0].Mean, 1)[0]);
        Assert.Equal(1.0 / (Decoys + 1), findings.Pictures[17].PValue!.Value, 1e-12);
        Assert.Equal(Members / (Decoys + 1.0), findings.Pictures[17].QValue!.Value, 1e-12);
        Assert.Equal(EvidenceStrength.Strong, findings.Pictures[17].Strength);
        Assert.All(
            findings.Pictures.Index().Where(p => p.Index != 17),
            p => Assert.Equal(EvidenceStrength.NotEstablished, p.Item.Strength)
        );
        Assert.Equal(new(NullPoolKind.Decoys, Decoys, 1.0 / (Decoys + 1)), findings.Info.NullPool);
    }

    [Fact]
    public void Members_that_do_not_matter_get_uniform_p_from_das_and_would_not_from_a_kernel_that_holds_members_alone()
    {
        var das = new List<double>();
        var plain = new List<double>();
        for (var batch = 0; batch < 60; batch++)
        {
            var rows = Pictures(batch, Members + Members * 19);
            var queries = Pictures(1000 + batch, Members);
            var scores = DasMethod(queries, rows, Members, new DegreesOfFreedom(0.5));
            using var scope = torch.NewDisposeScope();
            using var kernel = RidgeKernel.Factorise(Matrix(rows[..Members]));
            using var projected = kernel.Project(Matrix(rows));
            using var asked = kernel.Project(Matrix(queries));
            var uncorrected = kernel.Between(asked, projected, scores.Damping[0]);
            for (var q = 0; q < Members; q++)
            {
                // Query q tests member q against nineteen decoys of its own.
                das.Add(PValue(scores.Queries[q].Mean, q));
                plain.Add(
                    PValue([.. uncorrected[q].contiguous().data<double>().ToArray().Select(value => value * value)], q)
                );
            }
        }

        Assert.True(Draws.KolmogorovSmirnov(das, 20) < 1.95, $"{Draws.KolmogorovSmirnov(das, 20)}");
        Assert.True(plain.Average() > 0.6, $"{plain.Average()}");

        static double PValue(double[] scores, int q) =>
            ConformalPValues.Compute(scores[q..(q + 1)], scores[(Members + 19 * q)..(Members + 19 * q + 19)])[0];
    }

    private static List<PictureFeatures> Pictures(int seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => RandomFeatures.Random(Dimension, seed * 100_000 + i))];

    /// <summary>Several noise draws of a picture: its features and some noise in each.</summary>
    private static PictureFeatures Noisy(PictureFeatures picture, int replicates, float noise, int key)
    {
        float[][] Draw(FeatureKind kind) =>
            [
                .. Enumerable
                    .Range(0, replicates)
                    .Select(r =>
                        picture
                            .Rows[kind][0]
                            .Zip(
                                Draws.Normal(10_000_000 + 10 * key + r, Dimension),
                                (value, n) => value + noise * (float)n
                            )
                            .ToArray()
                    ),
            ];
        T[] Same<T>(T[] values) => [.. Enumerable.Repeat(values[0], replicates)];
        return RandomFeatures.Of(
            Draw(FeatureKind.UnitMean),
            Draw(FeatureKind.UnitLoss),
            Same(picture.SquaredErrors),
            Same(picture.GradientNorms["mean"])
        );
    }

    private static torch.Tensor Matrix(List<PictureFeatures> pictures) =>
        torch.tensor(
            pictures.SelectMany(picture => picture.Output()).Select(value => (double)value).ToArray(),
            [pictures.Count, Dimension]
        );

    private static MethodScores DasMethod(
        List<PictureFeatures> queries,
        List<PictureFeatures> rows,
        int members,
        IDampingRule? damping = null
    ) =>
        new DasMethod().Score(
            new()
            {
                Members = members,
                Scored = rows.Count,
                Queries = queries.Count,
                Replicates = queries[0].SquaredErrors.Length,
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>>
                {
                    ["das"] = [new(queries, rows, members)],
                },
            },
            new() { Damping = damping },
            CancellationToken.None
        );
}
