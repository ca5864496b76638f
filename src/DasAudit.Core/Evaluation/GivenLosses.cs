namespace DasAudit.Core.Evaluation;

/// <summary>Losses under models that were trained elsewhere, in the place of models that are trained here.</summary>
/// <param name="LossesFile">
/// Absolute; CSV or Parquet with <c>model</c>, <c>query</c>, <c>timestep</c>, <c>loss</c> and perhaps <c>change</c>.
/// </param>
/// <param name="PartsFile">
/// Absolute; CSV or Parquet with <c>model</c> and <c>picture</c>, a row for each training picture that a model saw.
/// </param>
public sealed record GivenLosses(string LossesFile, string PartsFile);
