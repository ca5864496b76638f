namespace DasAudit.Core.Features;

/// <summary>One kind of feature, written <c>mean/unit/averaged</c>: of which scalar, from which passes.</summary>
/// <param name="Function">
/// Output function: <c>loss, weighted-mse, mean, squared-norm, l1-norm, l2-norm, linf-norm</c>,
/// <c>random-probe:N</c> or <c>picture-probe:N</c>.
/// </param>
/// <param name="Unit">Whether the gradient of each pass is divided by its norm before anything else.</param>
/// <param name="Apart">Whether each pass is projected apart; else a noise draw gives φ = Pᵀ·(1/K)·Σ_t g_t.</param>
public sealed record FeatureKind(string Function, bool Unit = true, bool Apart = false)
{
    /// <summary>Unit gradients of the mean prediction, averaged: DAS.</summary>
    public static FeatureKind UnitMean { get; } = new("mean");

    /// <summary>Unit gradients of the training loss, averaged: the sign of DAS.</summary>
    public static FeatureKind UnitLoss { get; } = new("loss");

    /// <summary>Gradients of the training loss as they are, averaged: influence.</summary>
    public static FeatureKind RawLoss { get; } = new("loss", Unit: false);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="AuditException">It is something else.</exception>
    public static FeatureKind Parse(string text) =>
        (text ?? "").Split('/') is [{ Length: > 0 } function, "unit" or "raw", "averaged" or "apart"] parts
            ? new(function, parts[1] == "unit", parts[2] == "apart")
            : throw new AuditException(
                $"'{text}' is no kind of feature; write FUNCTION/unit|raw/averaged|apart, such as mean/unit/averaged."
            );

    /// <summary>Number of rows a picture has: R averaged, R·K apart.</summary>
    public int Rows(int replicates, int timesteps) => Apart ? replicates * timesteps : replicates;

    /// <inheritdoc/>
    public override string ToString() => $"{Function}/{(Unit ? "unit" : "raw")}/{(Apart ? "apart" : "averaged")}";
}
