namespace DasAudit.Core.Attribution;

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
