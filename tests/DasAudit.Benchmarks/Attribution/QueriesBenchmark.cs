using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>
/// What scores of sixteen queries cost against n = 256 pictures with k = 4096, four noise draws of ten timesteps, on
/// one thread: with kernels and their features kept from one query to the next, as in an audit of several pictures or
/// an evaluation, and with each query by itself.
/// </summary>
internal static class QueriesBenchmark
{
    private const int Pictures = 256;
    private const int Queries = 16;
    private const int Dimension = 4096;
    private const int Replicates = 4;
    private const int Timesteps = 10;

    public static void Run(bool json)
    {
        TorchThreads.Use(1);
        foreach (var id in (string[])["das", "pva-mini"])
        {
            var method = MethodCatalog.Find(id);
            var need = method.Needs.Features.Single();
            List<PictureFeatures> pictures = [.. Enumerable.Range(0, Pictures).Select(seed => Features(need, seed))];
            List<PictureFeatures> queries =
            [
                .. Enumerable.Range(Pictures, Queries).Select(seed => Features(need, seed)),
            ];
            Write(json, id, Rounds.Time(5, () => Score(kept: true), () => Score(kept: false)));

            void Score(bool kept)
            {
                var cache = new KernelCache(KernelCache.FeatureRoom(kept ? Queries : 1));
                foreach (var query in queries)
                {
                    using var scope = NewDisposeScope();
                    if (!kept)
                    {
                        cache.Dispose();
                        cache = new(KernelCache.FeatureRoom(queries: 1));
                    }
                    method.Score(Inputs(need, query, pictures, cache), new(), CancellationToken.None);
                }
                cache.Dispose();
            }
        }
    }

    private static void Write(bool json, string method, (double Cpu, double Wall)[] times)
    {
        var (kept, alone) = (times[0].Cpu / Queries, times[1].Cpu / Queries);
        var result = new QueriesResult(method, Math.Round(kept, 4), Math.Round(alone, 4), Math.Round(kept / alone, 3));
        Output.Write(json, result, $"{method, -10} {kept, 8:F4} s {alone, 8:F4} s {kept / alone, 6:F3}");
    }

    private static MethodInputs Inputs(
        FeatureNeed need,
        PictureFeatures query,
        IReadOnlyList<PictureFeatures> pictures,
        KernelCache cache
    )
    {
        var kernel = new KernelPictures([.. Enumerable.Range(0, Pictures)], Pictures, backgroundWeight: 1);
        var table = new FeatureTable([query], pictures, Pictures) { Kernels = new(cache, kernel, need) };
        return new()
        {
            Members = Pictures,
            Scored = Pictures,
            Replicates = Replicates,
            Features = new Dictionary<string, IReadOnlyList<FeatureTable>> { [need.Name] = [table] },
        };
    }

    private static PictureFeatures Features(FeatureNeed need, int seed)
    {
        var noise = new NoiseSource(seed);
        double[][] errors = [.. Enumerable.Repeat(Enumerable.Repeat(0.1, Timesteps).ToArray(), Replicates)];
        return new()
        {
            Rows = need.Kinds.ToDictionary(kind => kind, Rows),
            SquaredErrors = errors,
            GradientNorms = need.Functions.ToDictionary(function => function, _ => errors),
        };

        float[][] Rows(FeatureKind kind)
        {
            var rows = new float[kind.Rows(Replicates, Timesteps)][];
            for (var row = 0; row < rows.Length; row++)
                noise.Normal(new(NoisePurpose.Attribution, row, 0), rows[row] = new float[Dimension]);
            return rows;
        }
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Method">Its id.</param>
/// <param name="KeptSeconds">CPU seconds a query where kernels are kept.</param>
/// <param name="AloneSeconds">CPU seconds of a query by itself.</param>
/// <param name="Ratio">Kept to alone.</param>
internal sealed record QueriesResult(string Method, double KeptSeconds, double AloneSeconds, double Ratio);
