using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Benchmarks.Runs;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Fidelity;

/// <summary>
/// How well inner products of projected features agree with those of the gradients themselves: correlations of the
/// off-diagonal entries of the Gram matrix of forty pictures, over five seeds of the projection (LoGra: one). An
/// untrained U-Net sees drawings, the sample's model the sample's training pictures.
/// </summary>
internal static class FidelityBenchmark
{
    private const int PictureCount = 40;
    private const int Seeds = 5;

    private static readonly GradientOptions Options = new()
    {
        Timesteps = 5,
        Replicates = 1,
        Projection = ProjectionOptions.Parse("none"),
        Kinds = [FeatureKind.UnitMean, FeatureKind.UnitLoss, new("squared-norm")],
    };

    private static readonly string[] Kinds =
    [
        "sjlt:4096",
        "sjlt:8192",
        "sjlt:16384",
        "sjlt:32768",
        "rademacher:4096",
        "gaussian:4096",
    ];

    // Each a run of its own, under the one seed that the noise has too.
    private static readonly string[] LograKinds = ["logra:16x8", "logra:16x16", "logra:32x16", "logra:32x32"];

    public static void Run(bool json)
    {
        TorchThreads.Use(1);
        Output.WriteHeader(
            json,
            $"{"model", -10} {"output", -12} {"projection", -16}",
            $"{"Pearson", 8} {"least", 8} {"Spearman", 8} {"least", 8}"
        );
        (string Name, Func<IDiffusionModel> Load, Func<ImageShape, ModelPicture[]> Pictures)[] models =
        [
            ("32-64@16", () => GradientModels.Load("unet-32-64@16").Model, shape => Drawings.Draw(PictureCount, shape)),
            ("sample", SampleRun.LoadModel, SamplePictures),
        ];
        foreach (var (name, load, pictures) in models)
        {
            foreach (var result in Measure(name, load, pictures))
            {
                Output.Write(
                    json,
                    result,
                    $"{result.Model, -10} {result.Output, -12} {result.Projection, -16} {result.Pearson, 8:F5}",
                    $"{result.LeastPearson, 8:F5} {result.Spearman, 8:F5} {result.LeastSpearman, 8:F5}"
                );
            }
        }
    }

    private static IEnumerable<FidelityResult> Measure(
        string name,
        Func<IDiffusionModel> load,
        Func<ImageShape, ModelPicture[]> pictures
    )
    {
        ImageShape shape;
        using (var model = load())
            shape = model.PictureShape;
        var features = Features(Options);
        var logra = LograKinds.ToDictionary(
            kind => kind,
            kind => Features(Options with { Projection = ProjectionOptions.Parse(kind) })
        );
        foreach (var output in Options.Kinds)
        {
            float[][] gradients = [.. features.Select(feature => feature.Rows[output][0])];
            var exact = Gram(gradients);
            foreach (var kind in Kinds.Concat(LograKinds))
            {
                List<double[]> projected = logra.TryGetValue(kind, out var lograFeatures)
                    ? [Gram([.. lograFeatures.Select(feature => feature.Rows[output][0])])]
                    : [.. Enumerable.Range(0, Seeds).Select(seed => ProjectedGram(kind, seed, gradients))];
                var pearson = projected.Select(gram => Correlation.Pearson(exact, gram)).ToList();
                var spearman = projected.Select(gram => Correlation.Spearman(exact, gram)).ToList();
                yield return new(
                    name,
                    output.Function,
                    kind,
                    Rounded(pearson.Average()),
                    Rounded(pearson.Min()),
                    Rounded(spearman.Average()),
                    Rounded(spearman.Min())
                );
            }
        }

        IReadOnlyList<PictureFeatures> Features(GradientOptions options) =>
            new FeatureEngine(new(load), options, threads: 1).Compute(pictures(shape), null, CancellationToken.None);
    }

    private static double[] ProjectedGram(string kind, int seed, float[][] gradients) =>
        Gram(ProjectionOptions.Parse(kind).Create(seed, gradients[0].Length).Project(gradients));

    private static double Rounded(double correlation) => Math.Round(correlation, 5);

    private static double[] Gram(float[][] rows)
    {
        var products = new List<double>();
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sum = 0.0;
                for (var c = 0; c < rows[i].Length; c++)
                    sum += (double)rows[i][c] * rows[j][c];
                products.Add(sum);
            }
        }

        return [.. products];
    }

    private static ModelPicture[] SamplePictures(ImageShape shape)
    {
        var members = SampleRun.Members(
            TrainingSetLoader.Load(Path.Combine(SampleRun.Folder, "dataset"), new()),
            shape
        );
        return [.. Enumerable.Range(0, PictureCount).Select(i => members[i * members.Length / PictureCount])];
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Model">Which model and pictures.</param>
/// <param name="Output">The output function whose gradients they are.</param>
/// <param name="Projection">Kind and dimension.</param>
/// <param name="Pearson">Correlation of the off-diagonal entries, mean over the seeds.</param>
/// <param name="LeastPearson">The least of the seeds.</param>
/// <param name="Spearman">Rank correlation, mean over the seeds.</param>
/// <param name="LeastSpearman">The least of the seeds.</param>
internal sealed record FidelityResult(
    string Model,
    string Output,
    string Projection,
    double Pearson,
    double LeastPearson,
    double Spearman,
    double LeastSpearman
);
