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
/// How far quick influences of sets agree with what leaving the set out changes exactly, on the sample: for pva-12
/// the rise of the posterior variance at a generated picture, for das the squared change of the linearised model's
/// output. Quick are the square of the summed inner scores, (1/B)·Σ_b (Σ_{i∈R} s_bi)², and the sum of the scores,
/// Σ_{i∈R} τ_i. Spearman's rank correlation over sets of one sort, mean over queries.
/// </summary>
internal static class SetsBenchmark
{
    private const int Draws = 200;
    private const int Copied = 60;
    private const int PlantedQueries = 4;

    public static void Run(bool json)
    {
        var set = TrainingSetLoader.Load(Path.Combine(SampleRun.Folder, "dataset"), new());
        using var model = SampleRun.LoadModel();
        var shape = model.PictureShape;
        var members = SampleRun.Members(set, shape);
        ModelPicture[] queries =
        [
            .. Directory
                .GetFiles(Path.Combine(SampleRun.Folder, "generated"), "*.png")
                .Order(StringComparer.Ordinal)
                .Select(path => new ModelPicture(
                    path,
                    () => PictureTensor.ToValues(PictureReader.Read(path, path).Picture, shape)
                )),
        ];
        foreach (
            var (method, replicates) in new (IAttributionMethod, int)[] { (new Pva12Method(), 2), (new DasMethod(), 1) }
        )
        {
            var need = method.Needs.Features.Single();
            var options = new GradientOptions
            {
                Replicates = replicates,
                Kinds = need.Kinds,
                ChosenTimesteps = need.Timesteps,
            };
            var features = new FeatureEngine(new(SampleRun.LoadModel), options, Environment.ProcessorCount).Compute(
                [.. members, .. queries],
                null,
                CancellationToken.None
            );
            var rows = features.Take(members.Length).ToList();
            var queryFeatures = features.Skip(members.Length).ToList();
            var sorts = Sorts(set);
            Write(
                json,
                method.Description.Id,
                sorts,
                [.. queryFeatures.Select(query => Agreements(method, replicates, query, rows, sorts))]
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
                    .. queryFeatures
                        .Take(PlantedQueries)
                        .Select(query =>
                            Agreements(method, replicates, query, [.. rows, .. copies.Select(i => rows[i])], planted)
                        ),
                ]
            );
        }
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

    // Of each sort, both quick influences beside the exact one: rank correlation, whether the greatest is that of the
    // same set, and the ratio of their sums.
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
        var queryScores = scores.Queries[0];
        return
        [
            .. sorts.Select(sort =>
            {
                // In the units of a variance where it is one.
                double[] exact = [.. sort.Sets.Select(Exact)];
                double[] squared = [.. sort.Sets.Select(set => Quick(set, squaresAddUp: false))];
                double[] summed = [.. sort.Sets.Select(set => Quick(set, squaresAddUp: true))];
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

        double Exact(int[] set) =>
            refits.Effect == SetEffect.Variance
                ? refits.Kernels.Zip(scores.Damping, (kernel, damping) => damping * kernel.Of(set)).Average()
                : refits.Of(set);

        double Quick(int[] set, bool squaresAddUp) =>
            SetInfluence.Of(queryScores with { SquaresAddUp = squaresAddUp }, set).Influence;
    }

    private static void Write(bool json, string method, List<Sort> sorts, IReadOnlyList<Agreement[]> byQuery)
    {
        foreach (var (s, sort) in sorts.Index())
        {
            var ofSort = byQuery.Select(agreements => agreements[s]).ToList();
            var squared = ofSort.Average(agreement => agreement.Squared);
            var summed = ofSort.Average(agreement => agreement.Summed);
            var least = ofSort.Min(agreement => agreement.Squared);
            var firstSquared = ofSort.Average(agreement => agreement.FirstSquared);
            var firstSummed = ofSort.Average(agreement => agreement.FirstSummed);
            var squaredToExact = ofSort.Average(agreement => agreement.SquaredToExact);
            var summedToExact = ofSort.Average(agreement => agreement.SummedToExact);
            Output.Write(
                json,
                new
                {
                    method,
                    sets = sort.Name,
                    count = sort.Sets.Count,
                    spearmanSquared = Math.Round(squared, 3),
                    leastSpearmanSquared = Math.Round(least, 3),
                    spearmanSummed = Math.Round(summed, 3),
                    sameFirstSquared = Math.Round(firstSquared, 3),
                    sameFirstSummed = Math.Round(firstSummed, 3),
                    squaredToExact,
                    summedToExact,
                },
                $"{method, -9} {sort.Name, -19} {sort.Sets.Count, 4} sets  squared sum {squared:F3}",
                $"(least {least:F3}), same first {firstSquared:P0}, {squaredToExact:G2} of exact ",
                $"sum of scores {summed:F3}, same first {firstSummed:P0}, {summedToExact:G2} of exact"
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
