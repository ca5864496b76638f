using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Runs;

/// <summary>
/// Self-recall on the sample: each training picture is the query, seen under another noise than the training pictures
/// are; the known answer is itself. The part that finds itself first, and the mean reciprocal rank, of a single noise
/// draw and of the mean over four, which an audit takes by default.
/// </summary>
internal static class RecallBenchmark
{
    private const int Draws = 4;

    public static void Run(bool json)
    {
        var set = TrainingSetLoader.Load(Path.Combine(SampleRun.Folder, "dataset"), new());
        IAttributionMethod[] methods = [new DasMethod(), new DasSignedMethod(), new GradientCosineMethod()];
        var options = new GradientOptions
        {
            Timesteps = 10,
            Replicates = 2 * Draws,
            Kinds = [.. methods.SelectMany(m => m.Needs.Features).SelectMany(need => need.Kinds).Distinct()],
        };
        var engine = new FeatureEngine(new(SampleRun.LoadModel), options, Environment.ProcessorCount);
        using var model = SampleRun.LoadModel();
        var features = engine.Compute(SampleRun.Members(set, model.PictureShape), null, CancellationToken.None);
        List<PictureFeatures> rows = [.. features.Select(picture => DrawsFrom(picture, 0))];
        List<PictureFeatures> queries = [.. features.Select(picture => DrawsFrom(picture, Draws))];
        foreach (var method in methods)
        {
            var inputs = new MethodInputs
            {
                Members = rows.Count,
                Scored = rows.Count,
                Queries = queries.Count,
                Replicates = Draws,
                Features = method.Needs.Features.ToDictionary(
                    need => need.Name,
                    _ => (IReadOnlyList<FeatureTable>)[new(queries, rows, rows.Count)]
                ),
            };
            var scores = method.Score(inputs, new(), CancellationToken.None);
            var single = scores.Queries.SelectMany((query, q) => query.ByReplicate.Select(draw => Rank(draw, q)));
            var mean = scores.Queries.Select((query, q) => Rank(query.Mean, q));
            Write(json, method.Description.Id, 1, [.. single]);
            Write(json, method.Description.Id, Draws, [.. mean]);
        }
    }

    private static PictureFeatures DrawsFrom(PictureFeatures features, int first) =>
        features with
        {
            Rows = features.Rows.ToDictionary(pair => pair.Key, pair => pair.Value[first..(first + Draws)]),
            SquaredErrors = features.SquaredErrors[first..(first + Draws)],
        };

    private static int Rank(double[] scores, int query) => 1 + scores.Count(score => score > scores[query]);

    private static void Write(bool json, string method, int draws, int[] ranks)
    {
        var first = ranks.Count(rank => rank == 1) / (double)ranks.Length;
        var reciprocal = ranks.Average(rank => 1.0 / rank);
        Output.Write(
            json,
            new
            {
                method,
                draws,
                recall = Math.Round(first, 4),
                meanReciprocalRank = Math.Round(reciprocal, 4),
            },
            $"{method, -16} {draws} draw{(draws == 1 ? " " : "s")} ",
            $"first {first:P1}  mean reciprocal rank {reciprocal:F4}"
        );
    }
}
