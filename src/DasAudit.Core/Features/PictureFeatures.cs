namespace DasAudit.Core.Features;

/// <summary>What attribution needs to know of one picture: R noise draws of K timesteps each.</summary>
public sealed record PictureFeatures
{
    /// <summary>Rows [k] of each kind: R averaged; R·K apart, row r·K + j for timestep j of noise draw r.</summary>
    public required IReadOnlyDictionary<FeatureKind, float[][]> Rows { get; init; }

    /// <summary>(1/d)·‖ε̂ − y‖² at each timestep: R rows of K.</summary>
    public required double[][] SquaredErrors { get; init; }

    /// <summary>‖g_t‖ over all attributed parameters, by output function: R rows of K.</summary>
    public required IReadOnlyDictionary<string, double[][]> GradientNorms { get; init; }

    /// <summary>
    /// vᵀỹ_t by output function, for <c>picture-probe:N</c> alone: R rows of K. ỹ = Jθ + (y − ε̂), the tangent target,
    /// with θ the attributed parameters and their starting point taken as 0, is what the model linearised in them was
    /// trained to predict; v the probe, whose gradient is the row vᵀJ.
    /// </summary>
    public IReadOnlyDictionary<string, double[][]> TangentTargets { get; init; } = new Dictionary<string, double[][]>();
}
