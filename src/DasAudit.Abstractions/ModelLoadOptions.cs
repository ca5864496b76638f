namespace DasAudit.Abstractions;

/// <summary>What <see cref="IModelAdapter.Load"/> shall load.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>The trained model.</summary>
    public static ModelLoadOptions Trained { get; } = new();

    /// <summary>
    /// If set, weights are not read but drawn afresh from this seed (the same seed gives the same weights), and the
    /// checkpoint needs only its configuration. Default: null, the trained weights.
    /// </summary>
    public long? UntrainedSeed { get; init; }
}
