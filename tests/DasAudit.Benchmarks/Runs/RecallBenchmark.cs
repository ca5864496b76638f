using System.Text.Json;
using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Runs;

/// <summary>
/// Self-recall on the sample: each training picture is the query, seen under another noise than the training pictures are; the known answer is
/// itself. The part that finds itself first, and the mean reciprocal rank.
/// </summary>
internal static class RecallBenchmark
{
    public static void Run(bool json)
    {
        var set = TrainingSetLoader.Load(Path.Combine(SampleRun.Folder, "dataset"), new());
        IAttributionMethod[] methods = [new Das(), new DasSigned(), new GradientCosine()];
        var options = new GradientOptions { Timesteps = 10, Replicates = 2, Kinds = [.. methods.SelectMany(m => m.Needs.Features).SelectMany(need => need.Kinds).Distinct()] };
        var engine = new FeatureEngine(
            () =>
            {
                var model = new DiffusersAdapter().Load(Path.Combine(SampleRun.Folder, "model"), CPU, new());
                ConvolutionLayout.UseChannelsLast(model.Network);
                return model;
            },
            options, Environment.ProcessorCount);
        using (var model = new DiffusersAdapter().Load(Path.Combine(SampleRun.Folder, "model"), CPU, new()))
        {
            var shape = model.PictureShape;
            var features = engine.Compute([.. set.Items.Select(item => new FeaturePicture(item.Path, () => PictureTensor.ToValues(set.Read(item), shape)))], null, CancellationToken.None);
            // Queries under the other noise draw: their two draws change places.
            List<PictureFeatures> queries = [.. features.Select(Swapped)];
            foreach (var method in methods)
            {
                var scores = method.Score(
                    new()
                    {
                        Members = features.Count,
                        Rows = features.Count,
                        Queries = queries.Count,
                        Replicates = 2,
                        Features = method.Needs.Features.ToDictionary(need => need.Name, _ => (IReadOnlyList<FeatureTable>)[new(queries, features, features.Count)]),
                    },
                    new(), CancellationToken.None);
                var ranks = scores.Queries.SelectMany((query, q) => query.ByReplicate.Select(own => 1 + own.Count(score => score > own[q]))).ToList();
                Write(json, method.Description.Id, ranks.Count(rank => rank == 1) / (double)ranks.Count, ranks.Average(rank => 1.0 / rank));
            }
        }
    }

    private static PictureFeatures Swapped(PictureFeatures features) => features with { Rows = features.Rows.ToDictionary(pair => pair.Key, pair => pair.Value.Reverse().ToArray()) };

    private static void Write(bool json, string method, double first, double reciprocal) => Console.WriteLine(json
        ? JsonSerializer.Serialize(new { method, recall = Math.Round(first, 4), meanReciprocalRank = Math.Round(reciprocal, 4) }, JsonSerializerOptions.Web)
        : $"{method,-16} first {first:P1}  mean reciprocal rank {reciprocal:F4}");
}
