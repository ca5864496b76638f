using System.Numerics.Tensors;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>A kernel that loses pictures one by one; see <see cref="MostInfluentialSubset.OfRefits"/>.</summary>
internal sealed class Downdate
{
    private const double LeastComplement = 1e-10;

    private readonly LinearInfluence _kernel;
    private readonly double[] _alignment;
    private readonly double[] _residuals;
    private readonly double[] _leverages;

    // √c·H_·j of each picture j taken, as H was when it was taken.
    private readonly List<double[]> _columns = [];

    public Downdate(LinearInfluence kernel)
    {
        _kernel = kernel;
        _alignment = [.. kernel.Alignment];
        _residuals = [.. kernel.Residuals];
        _leverages = [.. Enumerable.Range(0, kernel.Count).Select(kernel.Leverage)];
    }

    /// <summary>A(R) of those taken.</summary>
    public double Taken { get; private set; }

    /// <summary>By how much the output falls to first order, a_i·r_i.</summary>
    public double FirstOrder(int picture) => _alignment[picture] * _residuals[picture];

    /// <summary>By how much the output falls without a picture more, a_i·r_i/(1 − h_i).</summary>
    public double Change(int picture) => FirstOrder(picture) / Complement(picture);

    /// <summary>Fits again without a picture more.</summary>
    public void Take(int picture)
    {
        Taken += Change(picture);
        var root = 1 / Math.Sqrt(Complement(picture));
        var column = _kernel.Hat.AsSpan(picture * _kernel.Count, _kernel.Count).ToArray();
        foreach (var earlier in _columns)
            TensorPrimitives.MultiplyAdd<double>(earlier, earlier[picture], column, column);
        TensorPrimitives.Multiply(column, root, column);
        var alignment = root * _alignment[picture];
        var residual = root * _residuals[picture];
        TensorPrimitives.MultiplyAdd<double>(column, alignment, _alignment, _alignment);
        TensorPrimitives.MultiplyAdd<double>(column, residual, _residuals, _residuals);
        TensorPrimitives.MultiplyAdd<double>(column, column, _leverages, _leverages);
        _columns.Add(column);
    }

    private double Complement(int picture) =>
        1 - _leverages[picture] is > LeastComplement and var complement
            ? complement
            : throw new AuditException(
                $"Picture {picture} has leverage 1, so the model without it is not determined; choose a larger damping."
            );
}
