using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// The Diffusion Attribution Score (Lin et al., ICLR 2025) in its corrected practical form: how far the model's prediction at the query
/// would move had it never seen training picture i, by one damped Gauss–Newton step of the leave-one-out objective,
/// <para>τ(z, i) = (φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i)²,  K_λ = ΦᵀΦ + λI,</para>
/// with φ the projected, per-timestep normalised gradient of the mean prediction and ρ_i the residual factor. The leverage 1/(1−h_i) is
/// left out: with one row a picture it measures the projection rather than the data.
/// </summary>
public sealed class Das : IAttributionMethod
{
    private const string Features = "das";

    /// <inheritdoc/>
    public MethodDescription Description { get; } = new(
        "das", "Diffusion Attribution Score", "Lin et al., ICLR 2025, corrected", "1", "the prediction at the query would move further had the model never seen the picture");

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Features = [new(Features, FeatureKind.UnitMean, FeatureKind.UnitLoss)] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        TorchThreads.Use(1);
        var table = inputs.Table(Features);
        var damping = new List<double>();
        var inner = Enumerable.Range(0, inputs.Queries).Select(_ => new List<double[]>()).ToArray();
        var influence = Enumerable.Range(0, inputs.Queries).Select(_ => new double[inputs.Rows]).ToArray();
        for (var r = 0; r < inputs.Replicates; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using var kernel = RidgeKernel.Factorise(table.KernelMatrix(FeatureKind.UnitMean, r));
            using var recalled = inputs.Replicates > 1 ? table.KernelMatrix(FeatureKind.UnitMean, (r + 1) % inputs.Replicates) : null;
            var lambda = (options.Damping ?? DampingRules.Default).Choose(new(kernel, recalled)).Single();
            damping.Add(lambda);

            // s_zi = φ(z)ᵀ·K_λ⁻¹·φ_i·ρ_i
            using var queries = kernel.Project(table.QueryMatrix(FeatureKind.UnitMean, r));
            using var rows = kernel.Project(table.RowMatrix(FeatureKind.UnitMean, r));
            var s = kernel.Between(queries, rows, lambda) * tensor(Residuals.Factors(options.Residual, table.Rows, r));

            // Signed loss influence ℓ(z, i) = ∇ℓ(z)ᵀ·K_λ⁻¹·∇ℓ_i with the same kernel.
            using var lossQueries = kernel.Project(table.QueryMatrix(FeatureKind.UnitLoss, r));
            using var lossRows = kernel.Project(table.RowMatrix(FeatureKind.UnitLoss, r));
            var loss = kernel.Between(lossQueries, lossRows, lambda);
            for (var q = 0; q < inputs.Queries; q++)
            {
                inner[q].Add([.. s[q].contiguous().data<double>()]);
                foreach (var (i, value) in loss[q].contiguous().data<double>().ToArray().Index()) influence[q][i] += value;
            }
        }

        return new([.. inner.Select((own, q) => new QueryScores([.. own.Select(values => values.Select(v => v * v).ToArray())])
        {
            Inner = [.. own.Select(values => new[] { values })],
            Directions = [.. influence[q].Select(value => value < 0 ? -1 : 1)],
        })], damping);
    }
}
