using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// Generalised cross-validation (Golub, Heath, Wahba 1979) of the linearised model: the λ under which ridge regression
/// of the tangent targets ỹ on the rows of Φ would best predict a row left out,
/// <para>GCV(λ) = (RSS/N)/((N − df(λ))/N)²,  RSS = Σ_j (λ/(Λ_j + λ))²·c_j² + ‖ỹ‖² − ‖c‖²,  c = Uᵀỹ,</para>
/// of N rows. It needs a method whose rows are probes vᵀJ; ỹ must hold J(θ − θ₀), since the residual of a trained model
/// alone has nothing left to predict.
/// </summary>
internal sealed record CrossValidation : IDampingRule
{
    // λ from Λ₁·1e-10 to Λ₁·1e6, ten values a factor of ten; then golden section between the neighbours of the best.
    private const int PerDecade = 10;
    private const double Golden = 0.6180339887498949;

    public IReadOnlyList<double> Choose(DampingProblem problem)
    {
        if (problem.Responses is not { } responses)
            throw NoTargets(problem.Method);
        var largest = Math.Log(problem.Kernel.Eigenvalues[0]);
        double[] grid =
        [
            .. Enumerable
                .Range(-10 * PerDecade, 16 * PerDecade + 1)
                .Select(i => largest + i * Math.Log(10) / PerDecade),
        ];
        var criterion = Criterion(problem.Kernel, responses);
        var best = Enumerable.Range(0, grid.Length).MinBy(i => criterion(Math.Exp(grid[i])));
        if (best == grid.Length - 1)
            throw NothingPredicted(problem.Method);
        var log = best == 0 ? grid[0] : Least(point => criterion(Math.Exp(point)), grid[best - 1], grid[best + 1]);
        return [Math.Exp(log)];
    }

    public override string ToString() => "gcv";

    internal static AuditException NoTargets(string? method) =>
        new(
            $"The damping rule gcv needs a method whose features are probes of all outputs, and {method ?? "this one"} "
                + "has no targets to cross-validate; choose df:0.1 or recall, or the method das-v."
        );

    private static AuditException NothingPredicted(string? method)
    {
        var targets = method is null ? "the targets" : $"the targets of {method}";
        return new(
            $"The damping rule gcv finds nothing in {targets} that the features predict, so no damping is heavy "
                + "enough; choose df:0.1 or recall."
        );
    }

    /// <summary>GCV as a function of λ &gt; 0.</summary>
    /// <param name="kernel">The kernel of N rows.</param>
    /// <param name="responses">ỹ, float64 [N, m]; RSS is summed over the m columns.</param>
    internal static Func<double, double> Criterion(RidgeKernel kernel, Tensor responses)
    {
        using var scope = NewDisposeScope();
        double[] squares = [.. kernel.LeftCoordinates(responses).square().sum([1L]).data<double>()];
        var outside = Math.Max(0, responses.square().sum().item<double>() - squares.Sum());
        double rows = kernel.Count;
        return damping =>
        {
            // N − df = N − r + Σ_j λ/(Λ_j + λ), without cancellation where df comes near N.
            var residual = outside;
            var free = rows - squares.Length;
            for (var j = 0; j < squares.Length; j++)
            {
                var left = damping / (kernel.Eigenvalues[j] + damping);
                residual += left * left * squares[j];
                free += left;
            }

            return residual * rows / (free * free);
        };
    }

    private static double Least(Func<double, double> function, double low, double high)
    {
        var a = high - Golden * (high - low);
        var b = low + Golden * (high - low);
        var atA = function(a);
        var atB = function(b);
        while (high - low > 1e-6)
        {
            if (atA < atB)
            {
                high = b;
                b = a;
                atB = atA;
                a = high - Golden * (high - low);
                atA = function(a);
            }
            else
            {
                low = a;
                a = b;
                atA = atB;
                b = low + Golden * (high - low);
                atB = function(b);
            }
        }

        return (low + high) / 2;
    }
}
