namespace DasAudit.Abstractions;

/// <summary>A LoRA to apply to a model (Hu et al., 2022): W + weight·(α/r)·B·A.</summary>
/// <param name="Path">Absolute path of its file, or of the folder that holds it.</param>
/// <param name="Weight">By what its change is multiplied. Default 1.</param>
public sealed record LoraFile(string Path, double Weight = 1);
