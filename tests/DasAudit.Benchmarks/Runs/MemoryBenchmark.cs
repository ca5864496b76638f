using DasAudit.Benchmarks.Fidelity;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Features;

namespace DasAudit.Benchmarks.Runs;

/// <summary>Whether features stay within their memory: the peak of the process under several budgets.</summary>
internal static class MemoryBenchmark
{
    private static readonly (string Name, int Side, int[] BudgetsMB)[] Models =
    [
        ("unet-32-64@16", 16, [640, 1024]),
        ("unet-64-128@32", 32, [768, 1024, 2048]),
        ("unet-cifar10", 32, [2048, 4096]),
    ];

    public static void Run(bool json)
    {
        Output.WriteHeader(json, $"{"model", -18} {"budget MB", 10} {"peak MB", 8} {"workers", 8} {"rows", 5}");
        foreach (var (name, side, budgets) in Models)
        {
            foreach (var budget in budgets)
                Measure(json, name, side, budget);
        }
    }

    private static void Measure(bool json, string name, int side, int budget)
    {
        var options = new GradientOptions
        {
            Memory = (long)budget << 20,
            Timesteps = 8,
            Replicates = 1,
        };
        var engine = new FeatureEngine(new(() => GradientModels.Load(name).Model), options, Environment.ProcessorCount);
        var cost = engine.Measure(null, CancellationToken.None);
        var pictures = Drawings.Draw(4, new(3, side, side));
        var peak = ProcessMeasures.AbsolutePeakMB(() => engine.Compute(pictures, null, CancellationToken.None));
        Output.Write(
            json,
            new
            {
                model = name,
                budgetMB = budget,
                peakMB = Math.Round(peak),
                cost.Workers,
                cost.Rows,
            },
            $"{name, -18} {budget, 10} {peak, 8:F0} {cost.Workers, 8} {cost.Rows, 5}"
        );
    }
}
