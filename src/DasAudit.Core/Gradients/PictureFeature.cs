namespace DasAudit.Core.Gradients;

/// <summary>What attribution needs to know of one picture, from one noise draw.</summary>
public sealed record PictureFeature
{
    /// <summary>φ = Pᵀ·(1/K)·Σ_t g_t/‖g_t‖ of the mean prediction f = (1/d)·1ᵀε̂; length k.</summary>
    public required float[] Output { get; init; }

    /// <summary>The same of the training loss (1/d)·‖ε̂ − y‖²; length k.</summary>
    public required float[] Loss { get; init; }

    /// <summary>(1/d)·‖ε̂ − y‖² at each timestep; length K.</summary>
    public required double[] SquaredErrors { get; init; }

    /// <summary>‖g_t‖ of the mean prediction over all attributed parameters at each timestep; length K.</summary>
    public required double[] GradientNorms { get; init; }
}
