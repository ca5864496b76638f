using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Chooses the damping λ of a kernel without retrained models.</summary>
public interface IDampingRule
{
    /// <summary>Chooses λ.</summary>
    /// <returns>One value; several, over which scores are averaged (<see cref="BandAverage"/>), for a band.</returns>
    /// <exception cref="Abstractions.AuditException">The rule cannot choose; it says why and what helps.</exception>
    internal IReadOnlyList<double> Choose(DampingProblem problem);

    /// <summary>The rule as the setting damping takes it, such as <c>df:0.1</c>.</summary>
    string ToString();
}

/// <summary>What a damping rule looks at; features are read when a rule asks for them.</summary>
/// <param name="Kernel">The factorised kernel of the training pictures.</param>
/// <param name="ReadRecalled">Reads <see cref="Recalled"/>.</param>
internal sealed record DampingProblem(RidgeKernel Kernel, Func<Tensor?> ReadRecalled)
{
    /// <summary>The problem with features that are read.</summary>
    public DampingProblem(RidgeKernel kernel, Tensor? recalled = null)
        : this(kernel, () => recalled) { }

    /// <summary>
    /// Features of m = min(n, 256) evenly spaced training pictures from another noise draw, float64 [m, k]: the known
    /// answer to picture i is i. Null where only one noise draw was taken.
    /// </summary>
    public Tensor? Recalled => ReadRecalled();

    /// <summary>Reads <see cref="Responses"/>. Default none.</summary>
    public Func<Tensor?> ReadResponses { get; init; } = () => null;

    /// <summary>How many rows, from the first, are a picture each, not background for several; null for all.</summary>
    public int? Members { get; init; }

    /// <summary>
    /// Tangent targets vᵀỹ, ỹ = J(θ − θ₀) + (y − ε_θ), of rows that are probes vᵀJ, float64 [n, m], m for each row.
    /// Null where a method has none.
    /// </summary>
    public Tensor? Responses
    {
        get => ReadResponses();
        init => ReadResponses = () => value;
    }

    /// <summary>Id, for messages; null where none is known.</summary>
    public string? Method { get; init; }
}
