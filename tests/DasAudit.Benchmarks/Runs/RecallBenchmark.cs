using System.Text.Json;
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
/// Self-recall on the sample: each training picture is the query, seen under another noise than the training pictures are; the known answer is
/// itself. The part that finds itself first, and the mean reciprocal rank, of a single noise draw and of the mean over four, which an audit takes by default.
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
        var engine = new FeatureEngine(
            () =>
            {
                var model = new DiffusersAdapter().Load(Path.Combine(SampleRun.Folder, "model"), CPU, new());
                ConvolutionLayout.UseChannelsLast(model.Network);
                return model;
            },
            options,
            Environment.ProcessorCount
        );
        using (var model = new DiffusersAdapter().Load(Path.Combine(SampleRun.Folder, "model"), CPU, new()))
        {
            var shape = model.PictureShape;
            var features = engine.Compute(
                [
                    .. set.Items.Select(item => new FeaturePicture(
                        item.Path,
                        () => PictureTensor.ToValues(set.Read(item), shape)
                    )),
                ],
                null,
                CancellationToken.None
            );
            List<PictureFeatures> rows = [.. features.Select(own => Some(own, 0))],
                queries = [.. features.Select(own => Some(own, Draws))];
            foreach (var method in methods)
            {
                var scores = method.Score(
                    new()
                    {
                        Members = rows.Count,
                        Scored = rows.Count,
                        Queries = queries.Count,
                        Replicates = Draws,
                        Features = method.Needs.Features.ToDictionary(
                            need => need.Name,
                            _ => (IReadOnlyList<FeatureTable>)[new(queries, rows, rows.Count)]
                        ),
                    },
                    new(),
                    CancellationToken.None
                );
                Write(
                    json,
                    method.Description.Id,
                    1,
                    [.. scores.Queries.SelectMany((query, q) => query.ByReplicate.Select(own => Rank(own, q)))]
                );
                Write(
                    json,
                    method.Description.Id,
                    Draws,
                    [.. scores.Queries.Select((query, q) => Rank(query.Mean, q))]
                );
            }
        }
    }

    private static PictureFeatures Some(PictureFeatures features, int first) =>
        features with
        {
            Rows = features.Rows.ToDictionary(pair => pair.Key, pair => pair.Value[first..(first + Draws)]),
            SquaredErrors = features.SquaredErrors[first..(first + Draws)],
        };

    private static int Rank(double[] scores, int own) => 1 + scores.Count(score => score > scores[own]);

    private static void Write(bool json, string method, int draws, int[] ranks)
    {
        var (first, reciprocal) = (
            ranks.Count(rank => rank == 1) / (double)ranks.Length,
            ranks.Average(rank => 1.0 / rank)
        );
        Console.WriteLine(
            json
                ? JsonSerializer.Serialize(
                    new
                    {
                        method,
                        draws,
                        recall = Math.Round(first, 4),
                        meanReciprocalRank = Math.Round(reciprocal, 4),
                    },
                    JsonSerializerOptions.Web
                )
                : $"{method, -16} {draws} draw{(draws == 1 ? " " : "s")}  first {first:P1}  mean reciprocal rank {reciprocal:F4}"
        );
    }
}
