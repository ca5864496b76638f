using System.Globalization;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Gradients.Outputs;

internal static class OutputFunctions
{
    /// <summary>Probes are numbered below this.</summary>
    public const int MostProbes = 1024;

    public const string RandomProbe = "random-probe:";

    public const string PictureProbe = "picture-probe:";

    /// <summary>(1/d)·‖ε̂ − y‖², the training loss: TRAK (Park et al., 2023) and all loss-based influences.</summary>
    public static IOutputFunction Loss { get; } =
        new FormulaOutput("loss", (prediction, batch) => batch.Mean((prediction - batch.Target).square()));

    /// <summary>(1/d)·1ᵀε̂, one direction of the prediction: the practical form of DAS (Lin et al., 2025).</summary>
    public static IOutputFunction Mean { get; } =
        new FormulaOutput("mean", (prediction, batch) => batch.Mean(prediction));

    private static readonly IOutputFunction[] Formulas =
    [
        Loss,
        Mean,
        // (1/d)·‖ε̂‖²: D-TRAK (Zheng et al., 2024), whose code calls it mean-squared-l2-norm.
        new FormulaOutput("squared-norm", (prediction, batch) => batch.Mean(prediction.square())),
        new FormulaOutput("l1-norm", (prediction, batch) => batch.Sum(prediction.abs())),
        new FormulaOutput("l2-norm", (prediction, batch) => batch.Sum(prediction.square()).sqrt()),
        // The gradient of max_j |ε̂_j| is that of the largest entry.
        new FormulaOutput("linf-norm", (prediction, batch) => batch.Largest(prediction.abs())),
    ];

    /// <summary>The function of a name: a formula, weighted-mse, random-probe:N or picture-probe:N.</summary>
    public static IOutputFunction Create(string name, IForwardProcess process, long seed)
    {
        if (Array.Find(Formulas, function => function.Name == name) is { } formula)
            return formula;
        if (name == "weighted-mse")
            return new WeightedLossOutput(DiscreteProcess.Of(process).Schedule);
        if (Number(name, RandomProbe) is { } randomProbe)
            return new RandomProbeOutput(randomProbe, seed);
        if (Number(name, PictureProbe) is { } pictureProbe)
            return new PictureProbeOutput(pictureProbe, seed);
        throw new AuditException(
            $"'{name}' is no output function; choose one of {string.Join(", ", Formulas.Select(f => f.Name))}, "
                + $"weighted-mse, random-probe:N or picture-probe:N with N below {MostProbes}."
        );
    }

    public static bool HaveTangentTarget(string name) => Number(name, PictureProbe) is not null;

    private static int? Number(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < MostProbes
            ? number
            : null;
}
