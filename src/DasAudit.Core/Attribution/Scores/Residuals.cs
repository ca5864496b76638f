using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>Residual factors of the candidates.</summary>
internal static class Residuals
{
    /// <summary>ρ_i of every candidate in one noise draw; see <see cref="ResidualKind"/>.</summary>
    public static double[] Factors(ResidualKind kind, FeatureSet candidates, int replicate)
    {
        var errors = candidates.SquaredErrors(replicate);
        switch (kind)
        {
            case ResidualKind.Rms:
                return [.. errors.Select(own => Math.Sqrt(own.Average()))];
            case ResidualKind.RmsOverNorm:
                return
                [
                    .. errors.Zip(
                        candidates.GradientNorms(FeatureKind.UnitMean.Function, replicate),
                        (own, norms) => own.Zip(norms, (error, norm) => Math.Sqrt(error) / (norm + 1e-8)).Average()
                    ),
                ];
            case ResidualKind.RmsPerTimestep:
                var timesteps = errors[0].Length;
                var totals = Enumerable.Range(0, timesteps).Select(t => Math.Sqrt(errors.Sum(own => own[t]))).ToArray();
                return
                [
                    .. errors.Select(own =>
                        own.Select((error, t) => totals[t] == 0 ? 0 : Math.Sqrt(error) / totals[t]).Average()
                    ),
                ];
            default:
                return [.. Enumerable.Repeat(1.0, candidates.Count)];
        }
    }
}
