using DasAudit.Benchmarks.Attribution;
using DasAudit.Benchmarks.Devices;
using DasAudit.Benchmarks.Fidelity;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Benchmarks.Plots;
using DasAudit.Benchmarks.Projections;
using DasAudit.Benchmarks.Runs;
using DasAudit.Benchmarks.Stores;
using DasAudit.Benchmarks.TinyStableDiffusion;
using DasAudit.Core.Torch;
using TorchSharp;

LibTorchSettings.DisableNnpack();
var json = args.Contains("--json");
string[] arguments = [.. args.Skip(1).Where(argument => argument != "--json")];
var benchmarks = new Dictionary<string, Action>
{
    ["damping"] = () => DampingBenchmark.Run(json),
    ["fidelity"] = () => FidelityBenchmark.Run(json),
    ["loading"] = () => LoadingBenchmark.Run(json),
    ["memory"] = () => MemoryBenchmark.Run(json),
    ["plan"] = () => PlanBenchmark.Run(json),
    ["projections"] = () => ProjectionBenchmark.Run(json),
    ["queries"] = () => QueriesBenchmark.Run(json),
    ["recall"] = () => RecallBenchmark.Run(json),
    ["scoring"] = () => ScoringBenchmark.Run(json),
    ["sets"] = () => SetsBenchmark.Run(json),
};
switch (args.FirstOrDefault())
{
    case "gradients" when arguments.All(GradientModels.IsName):
        GradientBenchmark.Run(arguments, json);
        return 0;
    case "train" when arguments.All(GradientModels.IsName):
        TrainBenchmark.Run(arguments, json, torch.CPU);
        return 0;
    case "train" when arguments is ["cuda", .. var models] && models.All(GradientModels.IsName):
        TrainBenchmark.Run(models, json, torch.CUDA);
        return 0;
    case "whole" when arguments.All(text => int.TryParse(text, out var count) && count > 1000):
        WholeDatasetBenchmark.Run(json, arguments.Select(int.Parse).FirstOrDefault(100_000));
        return 0;
    case "dataset" when arguments.All(text => int.TryParse(text, out var count) && count > 0):
        DatasetBenchmark.Run(json, arguments.Select(int.Parse).FirstOrDefault(100_000));
        return 0;
    case "store" when arguments.All(text => int.TryParse(text, out var count) && count > 0):
        StoreBenchmark.Run(json, arguments.Select(int.Parse).FirstOrDefault(100_000));
        return 0;
    case "tiny-parts" when arguments is [var pipeline, var pictures]:
        TinyParts.Make(pipeline, pictures);
        return 0;
    case "device" when arguments is [var device, "places", .. var models] && models.All(GradientModels.IsName):
        PlacesProbe.Run(device, models, json);
        return 0;
    case "device" when arguments is [var device, "kernel"]:
        KernelBenchmark.Run(device, json);
        return 0;
    case "device" when arguments.Length > 0 && arguments.Skip(1).All(DeviceBenchmark.IsName):
        DeviceBenchmark.Run(arguments[0], arguments[1..], json);
        return 0;
    case "plot" when arguments is [var result, var file]:
        EvaluationPlot.Write(result, file);
        return 0;
    case "layout" when arguments is [var path]:
        StableDiffusionLayout.WriteSingleFile(path);
        return 0;
    case { } name when arguments.Length == 0 && benchmarks.TryGetValue(name, out var run):
        run();
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            $"Usage: gradients | train [cuda] [{string.Join(" | ", GradientModels.Names)} | FOLDER[+LORA]] [--json], "
                + $"or {string.Join(", ", benchmarks.Keys)} [--json], or whole | dataset [PICTURES] [--json], "
                + "or store [REPORTS] [--json], "
                + "or layout FILE.safetensors, or tiny-parts PIPELINE PICTURES, "
                + "or plot RESULT.json FILE.svg, or device cpu|cuda [kernel | places MODEL | MODEL | MODE] [--json]"
        );
        return 2;
}
