using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Benchmarks.Projections;

/// <summary>
/// What a projection costs: CPU time of the process, best of several calls, for gradients of 702,499 and 2,795,587
/// parameters, one and eight at once, on one thread.
/// </summary>
internal static class ProjectionBenchmark
{
    private static readonly string[] Kinds = ["sjlt:4096", "sjlt:32768", "rademacher:4096", "gaussian:4096"];
    private static readonly int[] Lengths = [702_499, 2_795_587];
    private static readonly int[] Rows = [1, 8];

    public static void Run(bool json)
    {
        Output.WriteHeader(
            json,
            $"{"projection", -16} {"parameters", 10} {"rows", 4} {"ms", 9} {"ns/element/row", 14} {"ns/entry", 9}"
        );
        foreach (var kind in Kinds)
        {
            foreach (var length in Lengths)
            {
                foreach (var rows in Rows)
                {
                    var result = Measure(kind, length, rows);
                    Output.Write(
                        json,
                        result,
                        $"{result.Projection, -16} {result.Parameters, 10} {result.Rows, 4} {result.Ms, 9:F2}",
                        $"{result.NsPerElementRow, 14:F3} {result.NsPerEntry, 9:F4}"
                    );
                }
            }
        }
    }

    private static ProjectionResult Measure(string kind, int length, int rows)
    {
        var options = ProjectionOptions.Parse(kind);
        var projection = options.Create(0, length);
        var gradients = Enumerable.Range(0, rows).Select(row => Gradient(row, length)).ToArray();
        var sparse = options.Kind == ProjectionKind.Sjlt;
        var times = Enumerable
            .Range(0, sparse ? 30 : 3)
            .Select(_ => ProcessMeasures.Seconds(() => projection.Project(gradients)))
            .ToList();
        var nanoseconds = times.Min() * 1e9;
        var entries = sparse ? length : (double)length * options.Dimension;
        return new(
            kind,
            length,
            rows,
            Math.Round(nanoseconds / 1e6, 2),
            Math.Round(nanoseconds / length / rows, 3),
            Math.Round(nanoseconds / entries, 4)
        );
    }

    private static float[] Gradient(int seed, int length)
    {
        // Fixed values, not a secret: any will do.
#pragma warning disable CA5394
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
#pragma warning restore CA5394
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Projection">Kind and dimension.</param>
/// <param name="Parameters">p.</param>
/// <param name="Rows">Gradients projected at once.</param>
/// <param name="Ms">CPU milliseconds of a call.</param>
/// <param name="NsPerElementRow">CPU nanoseconds a parameter and gradient.</param>
/// <param name="NsPerEntry">CPU nanoseconds a matrix entry that is not zero, for all gradients together.</param>
internal sealed record ProjectionResult(
    string Projection,
    int Parameters,
    int Rows,
    double Ms,
    double NsPerElementRow,
    double NsPerEntry
);
