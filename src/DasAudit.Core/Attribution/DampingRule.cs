using System.Globalization;
using DasAudit.Abstractions;

namespace DasAudit.Core.Attribution;

/// <summary>
/// Chooses λ so that the kernel has a given part of its possible effective degrees of freedom: df(λ) = C·min(n, k). Needs no retrained
/// model, is free of the features' scale, and came within a few per cent of the best λ in every evaluation it was measured on.
/// </summary>
/// <param name="Fraction">C, in (0, 1). Default 0.1.</param>
public sealed record DampingRule(double Fraction = 0.1)
{
    /// <summary>Reads <c>df:C</c>.</summary>
    /// <exception cref="AuditException">The text is not that.</exception>
    public static DampingRule Parse(string text)
    {
        if (text is not null && text.StartsWith("df:", StringComparison.Ordinal)
            && double.TryParse(text[3..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and < 1)
            return new(fraction);
        throw new AuditException($"'{text}' is no damping rule; write df:C with C between 0 and 1, such as df:0.1.");
    }

    /// <summary>λ with df(λ) = C·min(n, k), or C·rank where the features have a lower rank.</summary>
    /// <param name="kernel">The factorised kernel of n pictures.</param>
    /// <param name="dimension">k.</param>
    /// <exception cref="AuditException">All features are zero.</exception>
    public double Solve(DualKernel kernel, int dimension)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var largest = kernel.Eigenvalues[^1];
        if (!(largest > 0))
            throw new AuditException("All gradient features are zero, so nothing can be attributed; check that --parameters selects layers that the prediction depends on.");
        var rank = kernel.Eigenvalues.Count(value => value > largest * 1e-12);
        var target = Fraction * Math.Min(rank, dimension);

        // df falls strictly in λ; bisect log λ between certainly too little and certainly too much damping.
        var (low, high) = (Math.Log(largest * 1e-18), Math.Log(largest * kernel.Count * 1e6));
        for (var step = 0; step < 200; step++)
        {
            var middle = (low + high) / 2;
            if (kernel.EffectiveDegreesOfFreedom(Math.Exp(middle)) > target) low = middle;
            else high = middle;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"df:{Fraction}");
}
