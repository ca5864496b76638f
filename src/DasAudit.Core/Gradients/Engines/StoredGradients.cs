using DasAudit.Core.Gradients.Outputs;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>The gradients of a batch, each with all its coordinates.</summary>
internal sealed class StoredGradients : IBatchGradients
{
    public StoredGradients(IReadOnlyList<IOutputFunction> functions, int rows, int coordinates)
    {
        SquaredErrors = new double[rows];
        Norms = [.. functions.Select(_ => new double[rows])];
        TangentTargets = [.. functions.Select(function => function.HasTangentTarget ? new double[rows] : null)];
        Values = new float[functions.Count][][];
        for (var f = 0; f < functions.Count; f++)
            Values[f] = [.. Enumerable.Range(0, rows).Select(_ => new float[coordinates])];
    }

    /// <summary>The gradient of each output function and row.</summary>
    public float[][][] Values { get; }

    public double[] SquaredErrors { get; }

    public double[][] Norms { get; }

    public double[]?[] TangentTargets { get; }

    public void AddWeightedSum(int function, float[] weights, float[] sum)
    {
        foreach (var (b, weight) in weights.Index())
        {
            if (weight != 0)
                TensorPrimitives.MultiplyAdd(Values[function][b], weight, sum, sum);
        }
    }

    public void Dispose() { }
}
