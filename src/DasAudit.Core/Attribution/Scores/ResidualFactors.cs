using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Scores;

internal static class ResidualFactors
{
    /// <summary>ρ_i of every picture in one noise draw; see <see cref="ResidualKind"/>.</summary>
    public static double[] Of(ResidualKind kind, FeatureSet pictures, int replicate)
    {
        var errors = pictures.SquaredErrors(replicate);
        switch (kind)
        {
            case ResidualKind.Rms:
                return [.. errors.Select(ofPicture => Math.Sqrt(ofPicture.Average()))];
            case ResidualKind.RmsOverNorm:
                var norms = pictures.GradientNorms(FeatureKind.UnitMean.Function, replicate);
                return
                [
                    .. errors.Zip(
                        norms,
                        (ofPicture, normsOfPicture) => ofPicture.Zip(normsOfPicture, OverNorm).Average()
                    ),
                ];
            case ResidualKind.RmsPerTimestep:
                double[] totals =
                [
                    .. Enumerable
                        .Range(0, errors[0].Length)
                        .Select(t => Math.Sqrt(errors.Sum(ofPicture => ofPicture[t]))),
                ];
                return [.. errors.Select(ofPicture => ofPicture.Zip(totals, OverTotal).Average())];
            default:
                return [.. Enumerable.Repeat(1.0, pictures.Count)];
        }
    }

    private static double OverNorm(double squaredError, double norm) => Math.Sqrt(squaredError) / (norm + 1e-8);

    private static double OverTotal(double squaredError, double total) =>
        total == 0 ? 0 : Math.Sqrt(squaredError) / total;
}
