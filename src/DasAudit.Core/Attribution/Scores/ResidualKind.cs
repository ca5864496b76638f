using DasAudit.Abstractions;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>The factor ρ_i that stands for how badly the model predicts training picture i.</summary>
public enum ResidualKind
{
    /// <summary>ρ_i = √(mean over t of MSE_it): the magnitude of the residual vector.</summary>
    Rms,

    /// <summary>ρ_i = mean over t of √MSE_it/‖g_it‖: the residual scaled as the normalised gradient rows are.</summary>
    RmsOverNorm,

    /// <summary>ρ_i = mean over t of √MSE_it/√(Σ_j MSE_jt): each timestep counts alike, however hard it is.</summary>
    RmsPerTimestep,

    /// <summary>ρ_i = 1.</summary>
    None,
}

/// <summary>Names of residual factors, as the setting residual and reports have them.</summary>
public static class ResidualNames
{
    private static readonly IReadOnlyDictionary<ResidualKind, string> Names = new Dictionary<ResidualKind, string>
    {
        [ResidualKind.Rms] = "rms",
        [ResidualKind.RmsOverNorm] = "rms-over-norm",
        [ResidualKind.RmsPerTimestep] = "rms-per-timestep",
        [ResidualKind.None] = "none",
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Names.Values;

    /// <summary>The name of a residual factor.</summary>
    public static string Name(this ResidualKind kind) => Names[kind];

    /// <summary>The residual factor of a name.</summary>
    /// <exception cref="AuditException">There is none of that name.</exception>
    public static ResidualKind Parse(string name) =>
        Names.Where(named => named.Value == name).Select(named => (ResidualKind?)named.Key).FirstOrDefault()
        ?? throw new AuditException(
            $"'{name}' is no residual factor; choose one of {string.Join(", ", Names.Values)}."
        );
}
