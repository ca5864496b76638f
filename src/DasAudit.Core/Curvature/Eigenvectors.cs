using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>What the eigenvectors of symmetric float64 matrices cost.</summary>
internal static class Eigenvectors
{
    private const int Largest = 512;

    /// <summary>Wall-clock seconds by matrix size: small ones are tried, larger ones grow with the cube.</summary>
    /// <param name="device">Where they are computed.</param>
    public static double Seconds(IEnumerable<int> sizes, Device device)
    {
        var tried = new Dictionary<int, double>();
        return sizes.Sum(size =>
        {
            var own = Math.Min(size, Largest);
            if (!tried.TryGetValue(own, out var seconds))
                tried.Add(own, seconds = Try(own, device));
            return seconds * Math.Pow((double)size / own, 3);
        });
    }

    private static double Try(int size, Device device)
    {
        using var scope = NewDisposeScope();
        var wide = rand(size, size, dtype: float64, device: device);
        var symmetric = wide.matmul(wide.t());
        if (device.type != DeviceType.CPU)
            Decompose(symmetric);
        var watch = Stopwatch.StartNew();
        Decompose(symmetric);
        return watch.Elapsed.TotalSeconds;
    }

    // Until the values are there.
    private static void Decompose(Tensor symmetric)
    {
        using var scope = NewDisposeScope();
        _ = linalg.eigh(symmetric).Item1.cpu();
    }
}
