using DasAudit.Core.Audits;
using DasAudit.Core.Planning;

namespace DasAudit.Benchmarks.Runs;

/// <summary>What <c>plan</c> says of an audit of the sample beside what the audit then takes.</summary>
internal static class PlanBenchmark
{
    public static void Run(bool json)
    {
        var folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
        try
        {
            var request = SampleRun.Request(images: 2, Path.Combine(folder.FullName, "features"));
            var plan = RunPlanner.Plan(request, CancellationToken.None);
            IReadOnlyDictionary<string, double> timings = new Dictionary<string, double>();
            var peak = Gradients.ProcessMeasures.AbsolutePeakMB(() =>
                timings = new AuditPipeline(TimeProvider.System, null)
                    .Run(request, CancellationToken.None)
                    .Reports.ToList()[^1]
                    .Report.Timings
            );
            var bytes = new DirectoryInfo(folder.FullName)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Sum(file => file.Length);
            foreach (var stage in plan.Stages.Where(stage => timings.ContainsKey(stage.Stage)))
                Write(json, stage.Stage, stage.Seconds, timings[stage.Stage], "s");
            Write(json, "all", plan.Seconds, timings.Values.Sum(), "s");
            Write(json, "memory", plan.MemoryBytes / 1048576.0, peak, "MB");
            Write(json, "disk", plan.DiskBytes / 1048576.0, bytes / 1048576.0, "MB");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(bool json, string what, double planned, double taken, string unit) =>
        Output.Write(
            json,
            new
            {
                what,
                planned = Math.Round(planned, 2),
                taken = Math.Round(taken, 2),
                unit,
                ratio = Math.Round(planned / taken, 2),
            },
            $"{what, -12} planned {planned, 9:F2} {unit, -2} ",
            $"took {taken, 9:F2} {unit, -2}  ratio {planned / taken:F2}"
        );
}
