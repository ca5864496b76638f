namespace DasAudit.Core.Diffusion;

/// <summary>
/// The forward process of models for which there is a sampler, or a weight of the evidence lower bound.
/// </summary>
internal static class DiscreteProcess
{
    /// <exception cref="AuditException">The model's process is another one.</exception>
    public static DiscreteDiffusion Of(IDiffusionModel model) => Of(model.Process);

    /// <inheritdoc cref="Of(IDiffusionModel)"/>
    public static DiscreteDiffusion Of(IForwardProcess process) =>
        process as DiscreteDiffusion
        ?? throw new AuditException(
            $"The model's forward process (prediction {process.Prediction}) is not discrete diffusion over "
                + "betas, which the samplers and weighted-mse need; choose another output function or model."
        );
}
