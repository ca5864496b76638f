using System.Diagnostics;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>What the eigenvectors of symmetric float64 matrices cost.</summary>
internal static class Eigenvectors
{
    private const int Largest = 512;

    /// <summary>Wall-clock seconds by matrix size: small ones are tried, larger ones grow with the cube.</summary>
    public static double Seconds(IEnumerable<int> sizes)
    {
        var tried = new Dictionary<int, double>();
        return sizes.Sum(size =>
        {
            var own = Math.Min(size, Largest);
            if (!tried.TryGetValue(own, out var seconds))
                tried.Add(own, seconds = Try(own));
            return seconds * Math.Pow((double)size / own, 3);
        });
    }

    private static double Try(int size)
    {
        using var scope = NewDisposeScope();
        var wide = rand(size, size, dtype: float64);
        var symmetric = wide.matmul(wide.t());
        var watch = Stopwatch.StartNew();
        _ = linalg.eigh(symmetric);
        return watch.Elapsed.TotalSeconds;
    }
}
