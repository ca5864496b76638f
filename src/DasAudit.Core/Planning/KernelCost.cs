using System.Diagnostics;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Planning;

/// <summary>What a kernel of features costs, from kernels of two sizes that are tried.</summary>
internal static class KernelCost
{
    private const int SmallSide = 128;
    private const int LargeSide = 384;

    /// <summary>
    /// Seconds of a kernel, which lie between the square of the Gram matrix and the cube of its eigendecomposition, and
    /// of the projection of all scored pictures: two sizes tell the exponent.
    /// </summary>
    /// <param name="dimension">Length of a feature.</param>
    /// <returns>Of the factorisation, which queries with the same candidates share, and of all else.</returns>
    public static (double Factorisation, double PerQuery) Seconds(int inKernel, int scored, int dimension)
    {
        TorchThreads.Use(1);
        var side = Math.Min(inKernel, dimension);
        var small = Math.Min(side, SmallSide);
        var large = Math.Min(side, LargeSide);
        var scoredPerPicture = (double)scored / inKernel;
        // The first kernel finds no memory to use again and is slow.
        Measure(small, scoredPerPicture, dimension);
        var ofSmall = Measure(small, scoredPerPicture, dimension);
        var ofLarge = Measure(large, scoredPerPicture, dimension);
        var products = (inKernel - side) * ProductSeconds(large, dimension) * side / large;
        return (
            Scaled(ofSmall.Factorisation, ofLarge.Factorisation) + products,
            Scaled(ofSmall.PerQuery, ofLarge.PerQuery)
        );

        double Scaled(double smallSeconds, double largeSeconds)
        {
            var exponent =
                small == large
                    ? 1
                    : Math.Clamp(Math.Log(largeSeconds / smallSeconds) / Math.Log((double)large / small), 1, 3);
            return largeSeconds * Math.Pow((double)side / large, exponent);
        }
    }

    private static (double Factorisation, double PerQuery) Measure(int pictures, double scoredPerPicture, int dimension)
    {
        using var scope = NewDisposeScope();
        var scored = Math.Max(pictures, (int)(pictures * scoredPerPicture));
        var features = rand(scored, dimension).to_type(float64);
        var inKernel = features.narrow(0, 0, pictures).clone();
        var watch = Stopwatch.StartNew();
        using var kernel = RidgeKernel.Factorise(inKernel);
        var factorisation = watch.Elapsed.TotalSeconds;
        using var projected = kernel.Project(features);
        _ = kernel.Between(projected, projected, 1);
        return (factorisation, watch.Elapsed.TotalSeconds - factorisation);
    }

    // Of one more picture in the sum of features' products, where there are more pictures than features are long.
    private static double ProductSeconds(int side, int dimension)
    {
        const int Pictures = 256;
        using var scope = NewDisposeScope();
        var features = rand(Pictures, dimension, dtype: float64);
        var watch = Stopwatch.StartNew();
        _ = features.narrow(1, 0, Math.Min(side, dimension)).t().matmul(features);
        return watch.Elapsed.TotalSeconds / Pictures;
    }
}
