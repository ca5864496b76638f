namespace DasAudit.Abstractions;

/// <summary>An earlier state of a model.</summary>
/// <param name="Path">
/// Absolute path that loads it in place of the model's, or, where the model has a LoRA, in place of the LoRA's.
/// </param>
/// <param name="Step">Optimiser steps done, at least 1.</param>
/// <param name="Steps">Optimiser steps of the whole run.</param>
/// <param name="LearningRate">The learning rate at that step, greater than 0.</param>
public sealed record ModelCheckpoint(string Path, int Step, int Steps, double LearningRate);
