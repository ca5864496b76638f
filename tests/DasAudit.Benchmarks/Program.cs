using DasAudit.Benchmarks.Attribution;
using DasAudit.Benchmarks.Fidelity;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Benchmarks.Projections;
using DasAudit.Benchmarks.Runs;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Torch;

LibTorchSettings.DisableNnpack();
switch (args)
{
    case ["gradients", .. var rest]
        when rest.All(option =>
            option == "--json" || GradientModels.Names.Contains(option) || Directory.Exists(option)
        ):
        GradientBenchmark.Run(rest.Where(option => option != "--json").ToArray(), json: rest.Contains("--json"));
        return 0;
    case ["damping", .. var rest] when rest.All(option => option == "--json"):
        DampingBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["scoring", .. var rest] when rest.All(option => option == "--json"):
        ScoringBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["whole", .. var rest]
        when rest.All(option => option == "--json" || (int.TryParse(option, out var count) && count > 1000)):
        WholeDatasetBenchmark.Run(
            json: rest.Contains("--json"),
            rest.Where(option => option != "--json").Select(int.Parse).FirstOrDefault(100_000)
        );
        return 0;
    case ["projections", .. var rest] when rest.All(option => option == "--json"):
        ProjectionBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["fidelity", .. var rest] when rest.All(option => option == "--json"):
        FidelityBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["memory", .. var rest] when rest.All(option => option == "--json"):
        MemoryBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["plan", .. var rest] when rest.All(option => option == "--json"):
        PlanBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["recall", .. var rest] when rest.All(option => option == "--json"):
        RecallBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    case ["sets", .. var rest] when rest.All(option => option == "--json"):
        SetsBenchmark.Run(json: rest.Contains("--json"));
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            $"Usage: gradients [--json] [{string.Join(" | ", GradientModels.Names)} | FOLDER], or projections [--json], or fidelity [--json], or damping, scoring, memory, plan, recall, sets [--json], or whole [PICTURES] [--json]"
        );
        return 2;
}
