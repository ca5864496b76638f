namespace DasAudit.Core.Features.Store;

/// <summary>Names of the tensors in a shard of n pictures.</summary>
internal static class ShardTensors
{
    /// <summary>Keys of the pictures, uint8 [n, <see cref="FeatureKey.Length"/>].</summary>
    public const string Keys = "keys";

    /// <summary>(1/d)·‖ε̂ − y‖², float64 [n, R, K].</summary>
    public const string SquaredErrors = "squared_errors";

    /// <summary>‖g_t‖ of an output function, float64 [n, R, K].</summary>
    public static string Norms(string function) => $"norms.{function}";

    /// <summary>vᵀỹ_t of an output function with a tangent target, float64 [n, R, K].</summary>
    public static string Targets(string function) => $"targets.{function}";

    /// <summary>Rows of a kind, float32 or float16 [n, rows, k].</summary>
    public static string Rows(FeatureKind kind) => $"features.{kind}";

    /// <summary>Factor of each float16 row, float32 [n, rows].</summary>
    public static string Scales(FeatureKind kind) => $"scale.{kind}";
}
