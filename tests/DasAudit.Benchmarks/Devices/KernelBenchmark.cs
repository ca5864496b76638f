using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Devices;

/// <summary>
/// Eigendecompositions of kernels of n features of length 4096, from the features on: on the processor, on one thread
/// as audits do it, and on a device; in turn, median of three
/// rounds, or one of the largest.
/// </summary>
internal static class KernelBenchmark
{
    private const int Rounds = 3;
    private const int Dimension = 4096;

    public static void Run(string deviceName, bool json)
    {
        var device = new Device(deviceName);
        DeviceNumbers.Begin(device.type);
        TorchThreads.Use(1);
        Output.WriteHeader(json, $"{"n", 6} {"processor, s", 13} {"device, s", 10} {"largest difference", 19}");
        foreach (var count in (int[])[1024, 2048, 4096])
        {
            var result = Measure(count, device);
            Output.Write(
                json,
                result,
                $"{result.Pictures, 6} {result.ProcessorSeconds, 13:F3} {result.DeviceSeconds, 10:F3}",
                $"{result.LargestDifference, 19:E1}"
            );
        }
    }

    private static KernelResult Measure(int count, Device device)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var features = new MemoryFeatures(rand(count, Dimension, dtype: float64).DetachFromDisposeScope());
        // The first decomposition of a device loads its library.
        Spectrum.Of(features, device).Dispose();
        var times = new List<(double Processor, double Device)>();
        var difference = 0.0;
        for (var round = 0; round < (count < Dimension ? Rounds : 1); round++)
        {
            double[] onProcessor = [];
            double[] onDevice = [];
            var processor = DeviceBenchmark.Seconds(() => onProcessor = Values(features, null), device);
            var there = DeviceBenchmark.Seconds(() => onDevice = Values(features, device), device);
            times.Add((processor, there));
            difference = onProcessor.Zip(onDevice, (a, b) => Math.Abs(a - b)).Max() / onProcessor[0];
        }
        return new(
            count,
            DeviceBenchmark.Median([.. times.Select(time => time.Processor)]),
            DeviceBenchmark.Median([.. times.Select(time => time.Device)]),
            difference
        );
    }

    private static double[] Values(MemoryFeatures features, Device? device)
    {
        using var spectrum = Spectrum.Of(features, device);
        return spectrum.Values;
    }

    /// <param name="LargestDifference">Of eigenvalues, as a part of the largest.</param>
    private sealed record KernelResult(
        int Pictures,
        double ProcessorSeconds,
        double DeviceSeconds,
        double LargestDifference
    );
}
