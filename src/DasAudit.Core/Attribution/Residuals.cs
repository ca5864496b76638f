using DasAudit.Core.Gradients;

namespace DasAudit.Core.Attribution;

/// <summary>Residual factors of the candidates.</summary>
internal static class Residuals
{
    /// <summary>ρ_i of every candidate; see <see cref="ResidualKind"/>.</summary>
    public static double[] Factors(ResidualKind kind, IReadOnlyList<PictureFeature> candidates)
    {
        switch (kind)
        {
            case ResidualKind.Rms:
                return [.. candidates.Select(c => Math.Sqrt(c.SquaredErrors.Average()))];
            case ResidualKind.RmsOverNorm:
                return [.. candidates.Select(c => c.SquaredErrors.Zip(c.GradientNorms, (error, norm) => Math.Sqrt(error) / (norm + 1e-8)).Average())];
            case ResidualKind.RmsPerTimestep:
                var timesteps = candidates[0].SquaredErrors.Length;
                var totals = Enumerable.Range(0, timesteps).Select(t => Math.Sqrt(candidates.Sum(c => c.SquaredErrors[t]))).ToArray();
                return [.. candidates.Select(c => c.SquaredErrors.Select((error, t) => totals[t] == 0 ? 0 : Math.Sqrt(error) / totals[t]).Average())];
            default:
                return [.. candidates.Select(_ => 1.0)];
        }
    }
}
