using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Baselines;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Attribution.Methods.Similarity;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>clip, pixel, pixel-dot and random.</summary>
public class ResemblanceTests
{
    [Fact]
    public void Clip_scores_are_the_similarities()
    {
        var scores = new ClipMethod().Score(
            Tables.Inputs(2, 3, 2) with
            {
                Similarities =
                [
                    [0.5f, -0.25f, 1],
                    [0, 0.125f, 0.75f],
                ],
            }
        );
        Assert.Equal([0.5, -0.25, 1], scores.Queries[0].Mean);
        Assert.Equal([0, 0.125, 0.75], scores.Queries[1].Mean);
    }

    [Fact]
    public void Pixel_scores_are_products_and_cosines()
    {
        var queries = Tables.Normals(1, 2, 5000);
        var rows = Tables.Normals(2, 3, 5000);
        var dots = PixelMethod.Dot.Score(Tables.OfPixels(queries, rows));
        var cosines = PixelMethod.Cosine.Score(Tables.OfPixels(queries, rows));
        for (var q = 0; q < 2; q++)
        {
            double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
            Tables.Close([.. rows.Select(row => Dot(queries[q], row))], dots.Queries[q].Mean);
            Tables.Close(
                [.. rows.Select(row => Dot(queries[q], row) / Math.Sqrt(Dot(queries[q], queries[q]) * Dot(row, row)))],
                cosines.Queries[q].Mean
            );
        }
    }

    [Fact]
    public void The_same_pixels_give_the_same_bits_wherever_they_lie_in_memory()
    {
        var inputs = Tables.OfPixels(Tables.Normals(1, 3, 29), Tables.Normals(2, 7, 29));
        var expected = PixelMethod.Dot.Score(inputs).Queries.Select(query => query.Mean).ToList();
        for (var i = 0; i < 200; i++)
        {
            // Arrays of many sizes, so that the next ones begin elsewhere.
            _ = Enumerable.Range(0, i % 7 + 1).Select(size => new double[size]).ToList();
            Assert.Equal(expected, PixelMethod.Dot.Score(inputs).Queries.Select(query => query.Mean));
        }
    }

    [Fact]
    public void A_picture_without_content_has_cosine_zero() =>
        Assert.Equal(
            [0, 1],
            PixelMethod
                .Cosine.Score(
                    Tables.OfPixels(
                        [
                            [1, 2],
                        ],
                        [
                            [0, 0],
                            [2, 4],
                        ]
                    )
                )
                .Queries[0]
                .Mean,
            new Near()
        );

    [Fact]
    public void Random_scores_are_uniform_differ_between_queries_and_draws_and_follow_the_seed()
    {
        string[] hashes = [new('a', 64), new('b', 64)];
        var inputs = Tables.Inputs(2000, 2000, 2, replicates: 2) with { QueryHashes = hashes };
        var scores = new RandomMethod().Score(inputs, new() { Seed = 3 });

        var all = scores.Queries.SelectMany(query => query.ByReplicate).ToList();
        foreach (var draw in all)
        {
            // Kolmogorov and Smirnov's 0.1 % point.
            var distance = draw.Order()
                .Select((value, i) => Math.Max(Math.Abs(value - i / 2000.0), Math.Abs(value - (i + 1) / 2000.0)))
                .Max();
            Assert.True(distance < 1.95 / Math.Sqrt(2000), $"{distance}");
        }

        Assert.Equal(4, all.Select(draw => draw[7]).Distinct().Count());
        Assert.Equal(all[0], new RandomMethod().Score(inputs, new() { Seed = 3 }).Queries[0].ByReplicate[0]);
        Assert.NotEqual(all[0], new RandomMethod().Score(inputs, new() { Seed = 4 }).Queries[0].ByReplicate[0]);
        var alone = Tables.Inputs(2000, 2000, 1, replicates: 2) with { QueryHashes = [hashes[1]] };
        Assert.Equal(all[2..], new RandomMethod().Score(alone, new() { Seed = 3 }).Queries[0].ByReplicate);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        var none = Tables.Inputs(1, 1, 1);
        Assert.Contains("{encoder}", Assert.Throws<AuditException>(() => new ClipMethod().Score(none)).Message);
        Assert.Contains("hashes", Assert.Throws<AuditException>(() => new RandomMethod().Score(none)).Message);
        foreach (
            IAttributionMethod method in (IAttributionMethod[])
                [PixelMethod.Cosine, PixelMethod.Dot, new PixelRidgeMethod()]
        )
        {
            Assert.Contains("pixels", Assert.Throws<AuditException>(() => method.Score(none)).Message);
            Assert.Contains(
                "one size",
                Assert
                    .Throws<AuditException>(() =>
                        method.Score(
                            Tables.OfPixels(
                                [
                                    [1, 2],
                                ],
                                [
                                    [1],
                                ]
                            )
                        )
                    )
                    .Message
            );
        }

        foreach (
            IAttributionMethod method in (IAttributionMethod[])
                [PixelMethod.Cosine, PixelMethod.Dot, new PixelRidgeMethod()]
        )
            Assert.Contains(
                "1 pictures and 1 queries where 2 and 1",
                Assert
                    .Throws<AuditException>(() =>
                        method.Score(
                            Tables.Inputs(2, 2, 1) with
                            {
                                Pixels = new(
                                    [
                                        [1],
                                    ],
                                    [
                                        [1],
                                    ]
                                ),
                            }
                        )
                    )
                    .Message
            );
        Assert.Contains(
            "other pictures",
            Assert
                .Throws<AuditException>(() =>
                    new ClipMethod().Score(
                        Tables.Inputs(2, 2, 1) with
                        {
                            Similarities =
                            [
                                [1],
                            ],
                        }
                    )
                )
                .Message
        );
        Assert.Contains(
            "other pictures",
            Assert
                .Throws<AuditException>(() =>
                    KfacMethod.Corrected.Score(
                        Tables.Inputs(2, 2, 1) with
                        {
                            Ekfac = new(
                                [
                                    [
                                        [1],
                                    ],
                                ],
                                [
                                    [
                                        [1],
                                    ],
                                ]
                            ),
                        }
                    )
                )
                .Message
        );
        Assert.Contains(
            "activations",
            Assert.Throws<AuditException>(() => new ActivationRidgeMethod().Score(none)).Message
        );
        Assert.Contains(
            "train {part} 0.5",
            Assert.Throws<AuditException>(() => new DatamodelMethod().Score(none)).Message
        );
        Assert.Contains(
            "train {part} 0.5",
            Assert.Throws<AuditException>(() => new EmpiricalInfluenceMethod().Score(none)).Message
        );
        Assert.Contains("kfac", Assert.Throws<AuditException>(() => KfacMethod.Kronecker.Score(none)).Message);
        Assert.Contains("ekfac", Assert.Throws<AuditException>(() => KfacMethod.Corrected.Score(none)).Message);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double obj) => 0;
    }
}
