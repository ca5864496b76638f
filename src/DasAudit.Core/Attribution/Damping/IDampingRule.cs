using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Chooses the damping λ of a kernel without retrained models.</summary>
public interface IDampingRule
{
    /// <summary>Chooses λ.</summary>
    /// <returns>One value; several, over which scores are averaged (<see cref="BandAverage"/>), for a band.</returns>
    /// <exception cref="Abstractions.AuditException">
    /// The rule cannot choose, with the reason and the remedy.
    /// </exception>
    internal IReadOnlyList<double> Choose(DampingProblem problem);

    /// <summary>The rule as the setting damping takes it, such as <c>df:0.1</c>.</summary>
    string ToString();
}

/// <summary>What a damping rule looks at.</summary>
/// <param name="Kernel">The factorised kernel of the training pictures.</param>
/// <param name="Recalled">
/// Features of training pictures from another noise draw, float64 [m, k], m = min(n, 256) of them, evenly spaced: the
/// known answer to picture i is i. Null where only one noise draw was taken. </param>
internal sealed record DampingProblem(RidgeKernel Kernel, Tensor? Recalled = null)
{
    /// <summary>
    /// How many of the kernel's rows, from the first, are a training picture each, not background that stands for
    /// several; null for all.
    /// </summary>
    public int? Members { get; init; }

    /// <summary>
    /// What the rows of Φ should predict, float64 [n, m], for methods whose rows are probes vᵀJ: the tangent targets
    /// vᵀỹ with ỹ = J(θ − θ₀) + (y − ε_θ), one column for each of m targets of the same row. Null where a method has
    /// none.
    /// </summary>
    public Tensor? Responses { get; init; }

    /// <summary>The method's id, for messages; null where none is known.</summary>
    public string? Method { get; init; }
}
