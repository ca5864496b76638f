using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using DasAudit.Core.Uncertainty;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Runs;

/// <summary>
/// How far quick influences of sets agree with what leaving the set out changes exactly, on the sample: for pva-mini the rise of the posterior variance
/// at a generated picture, for das the squared change of the linearised model's output. Quick are the square of the summed inner scores,
/// (1/B)·Σ_b (Σ_{i∈R} s_bi)², and the sum of the scores, Σ_{i∈R} τ_i. Spearman's rank correlation over sets of one sort, mean over queries.
/// </summary>
internal static class SetsBenchmark
{
    private const int Draws = 200;
    private const int Copied = 60;
    private const int PlantedQueries = 4;

    public static void Run(bool json)
    {
        var set = TrainingSetLoader.Load(Path.Combine(SampleRun.Folder, "dataset"), new());
        using var model = Load();
        var shape = model.PictureShape;
        FeaturePicture[] members =
        [
            .. set.Items.Select(item => new FeaturePicture(
                item.Path,
                () => PictureTensor.ToValues(set.Read(item), shape)
            )),
        ];
        FeaturePicture[] queries =
        [
            .. Directory
                .GetFiles(Path.Combine(SampleRun.Folder, "generated"), "*.png")
                .Order(StringComparer.Ordinal)
                .Select(path => new FeaturePicture(
                    path,
                    () => PictureTensor.ToValues(PictureReader.Read(path, path).Picture, shape)
                )),
        ];
        foreach (
            var (method, replicates) in new (IAttributionMethod, int)[] { (PvaMethod.Mini, 2), (new DasMethod(), 1) }
        )
        {
            var need = method.Needs.Features.Single();
            var options = new GradientOptions
            {
                Replicates = replicates,
                Kinds = need.Kinds,
                ChosenTimesteps = need.Timesteps,
            };
            var features = new FeatureEngine(Load, options, Environment.ProcessorCount).Compute(
                [.. members, .. queries],
                null,
                CancellationToken.None
            );
            var (rows, asked) = (features.Take(members.Length).ToList(), features.Skip(members.Length).ToList());
            var sorts = Sorts(set);
            Write(
                json,
                method.Description.Id,
                sorts,
                [.. asked.Select(query => Agreements(method, replicates, query, rows, sorts))]
            );

            // The i-th of 60 pictures has i mod 5 + 1 further copies.
            var chosen = Random(set.Items.Count, Copied, 9);
            var copies = chosen.SelectMany((picture, i) => Enumerable.Repeat(picture, i % 5 + 1)).ToList();
            var clusters = Enumerable
                .Range(0, rows.Count)
                .Select(i =>
                    (int[])[i, .. copies.Index().Where(copy => copy.Item == i).Select(copy => rows.Count + copy.Index)]
                )
                .ToList();
            List<Sort> planted =
            [
                new("copies planted", clusters),
                .. Enumerable
                    .Range(2, 5)
                    .Select(size => new Sort(
                        $"clusters of {size}",
                        [.. clusters.Where(cluster => cluster.Length == size)]
                    )),
            ];
            Write(
                json,
                method.Description.Id,
                planted,
                [
                    .. asked
                        .Take(PlantedQueries)
                        .Select(query =>
                            Agreements(method, replicates, query, [.. rows, .. copies.Select(i => rows[i])], planted)
                        ),
                ]
            );
        }
    }

    private static IDiffusionModel Load()
    {
        var model = new DiffusersAdapter().Load(Path.Combine(SampleRun.Folder, "model"), CPU, new());
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    private static List<Sort> Sorts(TrainingSet set) =>
        [
            new("rights holders", Groups(set, item => item.Rights.RightsHolder ?? "")),
            new("drawn by all three", Groups(set, item => Path.GetFileName(item.Path))),
            .. new[] { 2, 5, 20 }.Select(size => new Sort(
                $"random {size}",
                [.. Enumerable.Range(0, Draws).Select(seed => Random(set.Items.Count, size, 1000 * size + seed))]
            )),
        ];

    private static List<int[]> Groups(TrainingSet set, Func<TrainingItem, string> key) =>
        [.. set.Items.Index().GroupBy(pair => key(pair.Item), pair => pair.Index).Select(group => group.ToArray())];

    private static int[] Random(int count, int size, int seed)
    {
        var keys = new float[count];
        new NoiseSource(seed).Normal(new(NoisePurpose.Attribution, 0, 0), keys);
        return [.. Enumerable.Range(0, count).OrderBy(i => keys[i]).Take(size)];
    }

    // Of each sort, both quick influences beside the exact one: rank correlation, whether the greatest is that of the same set, and the ratio of their sums.
    private static Agreement[] Agreements(
        IAttributionMethod method,
        int replicates,
        PictureFeatures query,
        List<PictureFeatures> rows,
        List<Sort> sorts
    )
    {
        var scores = method.Score(
            new()
            {
                Members = rows.Count,
                Scored = rows.Count,
                Replicates = replicates,
                Features = method.Needs.Features.ToDictionary(
                    need => need.Name,
                    _ => (IReadOnlyList<FeatureTable>)[new([query], rows, rows.Count)]
                ),
            },
            new() { WithRefits = true },
            CancellationToken.None
        );
        var refits = scores.Refits!;
        var own = scores.Queries[0];
        return
        [
            .. sorts.Select(sort =>
            {
                // In the units of a variance where it is one.
                double[] exact =
                [
                    .. sort.Sets.Select(some =>
                        refits.Effect == SetEffect.Variance
                            ? refits
                                .Kernels.Zip(scores.Damping, (kernel, damping) => damping * kernel.Of(some))
                                .Average()
                            : refits.Of(some)
                    ),
                ];
                double[] squared =
                [
                    .. sort.Sets.Select(some => SetInfluence.Of(own with { SquaresAddUp = false }, some).Influence),
                ];
                double[] summed =
                [
                    .. sort.Sets.Select(some => SetInfluence.Of(own with { SquaresAddUp = true }, some).Influence),
                ];
                double[] inScores = [.. sort.Sets.Select(refits.Of)];
                return new Agreement(
                    Ranking.Spearman(squared, exact),
                    Ranking.Spearman(summed, exact),
                    Array.IndexOf(squared, squared.Max()) == Array.IndexOf(exact, exact.Max()) ? 1 : 0,
                    Array.IndexOf(summed, summed.Max()) == Array.IndexOf(exact, exact.Max()) ? 1 : 0,
                    squared.Sum() / inScores.Sum(),
                    summed.Sum() / inScores.Sum()
                );
            }),
        ];
    }

    private static void Write(bool json, string method, List<Sort> sorts, IReadOnlyList<Agreement[]> byQuery)
    {
        foreach (var (s, sort) in sorts.Index())
        {
            double Mean(Func<Agreement, double> value) => byQuery.Average(own => value(own[s]));
            var (squared, summed, least) = (
                Mean(own => own.Squared),
                Mean(own => own.Summed),
                byQuery.Min(own => own[s].Squared)
            );
            Console.WriteLine(
                json
                    ? JsonSerializer.Serialize(
                        new
                        {
                            method,
                            sets = sort.Name,
                            count = sort.Sets.Count,
                            spearmanSquared = Math.Round(squared, 3),
                            leastSpearmanSquared = Math.Round(least, 3),
                            spearmanSummed = Math.Round(summed, 3),
                            sameFirstSquared = Math.Round(Mean(own => own.FirstSquared), 3),
                            sameFirstSummed = Math.Round(Mean(own => own.FirstSummed), 3),
                            squaredToExact = Mean(own => own.SquaredToExact),
                            summedToExact = Mean(own => own.SummedToExact),
                        },
                        JsonSerializerOptions.Web
                    )
                    : $"{method, -9} {sort.Name, -19} {sort.Sets.Count, 4} sets  squared sum {squared:F3} (least {least:F3}), same first {Mean(own => own.FirstSquared):P0}, {Mean(own => own.SquaredToExact):G2} of exact  sum of scores {summed:F3}, same first {Mean(own => own.FirstSummed):P0}, {Mean(own => own.SummedToExact):G2} of exact"
            );
        }
    }

    private sealed record Sort(string Name, IReadOnlyList<int[]> Sets);

    private sealed record Agreement(
        double Squared,
        double Summed,
        double FirstSquared,
        double FirstSummed,
        double SquaredToExact,
        double SummedToExact
    );
}
