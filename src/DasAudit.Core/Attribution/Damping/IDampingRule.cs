using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Chooses the damping λ of a kernel without retrained models.</summary>
public interface IDampingRule
{
    /// <summary>Chooses λ.</summary>
    /// <returns>One value; several, over which scores are averaged, for a band.</returns>
    /// <exception cref="Abstractions.AuditException">The rule cannot choose, with the reason and the remedy.</exception>
    IReadOnlyList<double> Choose(DampingProblem problem);

    /// <summary>The rule as <c>--damping</c> takes it, such as <c>df:0.1</c>.</summary>
    string ToString();
}

/// <summary>What a damping rule looks at.</summary>
/// <param name="Kernel">The factorised kernel of the training pictures.</param>
/// <param name="Recalled">
/// Features of the same training pictures from another noise draw, float64 [n, k]: the known answer to picture i is i. Null where only one
/// noise draw was taken.
/// </param>
public sealed record DampingProblem(RidgeKernel Kernel, Tensor? Recalled = null);
