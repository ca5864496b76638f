using System.Text.Json;
using DasAudit.Benchmarks.Fidelity;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Features;

namespace DasAudit.Benchmarks.Runs;

/// <summary>Whether features stay within <c>--memory</c>: the peak of the whole process under several budgets.</summary>
internal static class MemoryBenchmark
{
    public static void Run(bool json)
    {
        if (!json)
            Console.WriteLine($"{"model", -18} {"budget MB", 10} {"peak MB", 8} {"workers", 8} {"rows", 5}");
        foreach (
            var (name, budgets) in new[]
            {
                ("unet-32-64@16", new[] { 640, 1024 }),
                ("unet-64-128@32", [768, 1024, 2048]),
                ("unet-cifar10", [2048, 4096]),
            }
        )
        {
            foreach (var budget in budgets)
            {
                var options = new GradientOptions
                {
                    Memory = (long)budget << 20,
                    Timesteps = 8,
                    Replicates = 1,
                };
                var engine = new FeatureEngine(
                    new(() => GradientModels.Load(name).Model),
                    options,
                    Environment.ProcessorCount
                );
                var cost = engine.Measure(null, CancellationToken.None);
                var side = name == "unet-32-64@16" ? 16 : 32;
                var pictures = Drawings.Draw(4, new(3, side, side));
                var peak = ProcessMeasures.AbsolutePeakMB(() => engine.Compute(pictures, null, CancellationToken.None));
                Console.WriteLine(
                    json
                        ? JsonSerializer.Serialize(
                            new
                            {
                                model = name,
                                budgetMB = budget,
                                peakMB = Math.Round(peak),
                                cost.Workers,
                                cost.Rows,
                            },
                            JsonSerializerOptions.Web
                        )
                        : $"{name, -18} {budget, 10} {peak, 8:F0} {cost.Workers, 8} {cost.Rows, 5}"
                );
            }
        }
    }
}
