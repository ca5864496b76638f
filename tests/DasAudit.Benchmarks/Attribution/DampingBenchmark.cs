using System.Text.Json;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>
/// What the whole damping path costs beside one value of λ: scores of one query, leverages and degrees of freedom of n = 1000 pictures with k = 4096,
/// features, kernel and all, on one thread. The other lines are parts of it, and other ways to the same.
/// </summary>
internal static class DampingBenchmark
{
    private const int Pictures = 1000;
    private const int Dimension = 4096;

    public static void Run(bool json)
    {
        TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var features = randn([Pictures, Dimension], dtype: float64, generator: generator) / Math.Sqrt(Dimension);
        var again =
            features + 0.5 * randn([Pictures, Dimension], dtype: float64, generator: generator) / Math.Sqrt(Dimension);
        var query = randn([1, Dimension], dtype: float64, generator: generator) / Math.Sqrt(Dimension);
        var gram = features.matmul(features.t());
        var single = gram.to_type(float32);
        double[] path =
        [
            .. Enumerable.Range(-2, 9).SelectMany(e => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, e))),
        ];
        (string Way, Action Run)[] ways =
        [
            ("one value", () => Path(features, query, [0.1])),
            ("path of 27 values", () => Path(features, query, path)),
            ("rule recall, with its kernel", () => Recall(features, again)),
            ("curve of 9 values, with its kernel", () => Curve(features, again, query)),
            ("one value by Cholesky, without leverages", () => Cholesky(features, query, 0.1)),
            ("only the Gram matrix", () => features.matmul(features.t()).Dispose()),
            ("only eigh in double", () => Eigen(gram)),
            ("only eigh in float32", () => Eigen(single)),
            ("only svd of the features in double", () => Singular(features)),
        ];
        var times = Rounds.Time(5, [.. ways.Select(way => way.Run)]);
        foreach (var ((way, _), (cpu, _)) in ways.Zip(times))
        {
            var ratio = cpu / times[0].Cpu;
            Console.WriteLine(
                json
                    ? JsonSerializer.Serialize(
                        new DampingResult(way, Math.Round(cpu, 4), Math.Round(ratio, 3)),
                        JsonSerializerOptions.Web
                    )
                    : $"{way, -42} {cpu, 8:F3} s {ratio, 7:F3}"
            );
        }
    }

    private static void Path(Tensor features, Tensor query, double[] dampings)
    {
        using var scope = NewDisposeScope();
        using var kernel = RidgeKernel.Factorise(features);
        using var rows = kernel.Project(query);
        kernel.WithMembers(rows, dampings);
        kernel.Leverages(dampings);
        foreach (var damping in dampings)
            kernel.EffectiveDegreesOfFreedom(damping);
    }

    private static void Recall(Tensor features, Tensor again)
    {
        using var scope = NewDisposeScope();
        using var kernel = RidgeKernel.Factorise(features);
        new Recall().Choose(new(kernel, again.index_select(0, tensor(SelfRecall.Sample(Pictures)))));
    }

    private static void Curve(Tensor features, Tensor again, Tensor query)
    {
        using var scope = NewDisposeScope();
        using var kernel = RidgeKernel.Factorise(features);
        using var rows = kernel.Project(query);
        new DampingCurve().Add(kernel, rows, again.index_select(0, tensor(SelfRecall.Sample(Pictures))));
    }

    private static void Cholesky(Tensor features, Tensor query, double damping)
    {
        using var scope = NewDisposeScope();
        var factor = linalg.cholesky(features.matmul(features.t()) + damping * eye(Pictures, dtype: float64));
        linalg.solve_triangular(
            factor.t(),
            linalg.solve_triangular(factor, features.matmul(query.t()), upper: false),
            upper: true
        );
    }

    private static void Eigen(Tensor gram)
    {
        using var scope = NewDisposeScope();
        linalg.eigh(gram);
    }

    private static void Singular(Tensor features)
    {
        using var scope = NewDisposeScope();
        linalg.svd(features, fullMatrices: false);
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Way">What was computed.</param>
/// <param name="CpuSeconds">CPU seconds.</param>
/// <param name="Ratio">To one value.</param>
internal sealed record DampingResult(string Way, double CpuSeconds, double Ratio);
