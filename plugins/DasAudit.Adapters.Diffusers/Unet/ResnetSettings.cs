namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>What all residual blocks of a U-Net are built from; names are those of diffusers.</summary>
/// <param name="ScaleShift">Whether the time embedding scales and shifts; otherwise it only shifts.</param>
internal sealed record ResnetSettings(
    int TimeEmbeddingDim,
    int NormNumGroups,
    double NormEps,
    bool ScaleShift,
    double Dropout
);
