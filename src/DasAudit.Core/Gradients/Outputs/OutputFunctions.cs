using System.Globalization;
using DasAudit.Abstractions;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>All output functions by name.</summary>
internal static class OutputFunctions
{
    /// <summary>Probes are numbered below this.</summary>
    public const int MostProbes = 1024;

    private const string Probe = "random-probe:";
    private const string PictureProbe = "picture-probe:";

    private static readonly IOutputFunction[] Plain =
    [
        new LossOutput(),
        new MeanOutput(),
        new SquaredNormOutput(),
        new L1NormOutput(),
        new L2NormOutput(),
        new LinfNormOutput(),
    ];

    /// <summary>The function of a name.</summary>
    /// <param name="name">One of <c>loss, weighted-mse, mean, squared-norm, l1-norm, l2-norm, linf-norm</c>, <c>random-probe:N</c> or <c>picture-probe:N</c>.</param>
    /// <param name="schedule">Of the model.</param>
    /// <param name="seed">Of the noise.</param>
    /// <exception cref="AuditException">There is none of that name.</exception>
    public static IOutputFunction Create(string name, NoiseSchedule schedule, long seed)
    {
        if (Plain.FirstOrDefault(function => function.Name == name) is { } known)
            return known;
        if (name == "weighted-mse")
            return new WeightedLossOutput(schedule);
        if (Number(name, Probe) is { } number)
            return new RandomProbeOutput(number, seed);
        if (Number(name, PictureProbe) is { } own)
            return new PictureProbeOutput(own, seed);
        throw new AuditException(
            $"'{name}' is no output function; choose one of {string.Join(", ", Plain.Select(function => function.Name))}, weighted-mse, random-probe:N or picture-probe:N with N below {MostProbes}."
        );
    }

    /// <summary>Whether the function of a name has tangent targets: <see cref="IOutputFunction.HasTangentTarget"/>.</summary>
    public static bool HaveTangentTarget(string name) => Number(name, PictureProbe) is not null;

    private static int? Number(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < MostProbes
            ? number
            : null;
}
