using System.Globalization;

namespace DasAudit.Evidence.Document;

/// <summary>Which checkpoints and noise draws gradients came from, in words.</summary>
internal static class PassesWords
{
    internal static string Checkpoint(CheckpointInfo checkpoint) =>
        checkpoint is { Step: { } step, Steps: { } steps }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"step {Figures.Count(step)} of {Figures.Count(steps)} ({Figures.Percent((double)step / steps)})"
            )
            : "the finished model";

    internal static string Draws(PassesInfo passes) =>
        $"{Figures.Count(passes.Draws, "noise draw")} at each timestep in each replicate, "
        + (passes.Apart ? "each pass scored by itself" : "averaged");

    /// <summary>All of it in a sentence.</summary>
    internal static string Sentence(string method, PassesInfo passes)
    {
        var checkpoints = string.Join("; ", passes.Checkpoints.Select(WithHash));
        var metric = passes.Checkpoints.Any(checkpoint => checkpoint.MetricSha256 is not null)
            ? "; in the metric of its optimiser's second moments"
            : "";
        return $"{method}: gradients of {checkpoints}{metric}; timesteps {string.Join(", ", passes.Timesteps)}; "
            + $"{Draws(passes)}.";
    }

    private static string WithHash(CheckpointInfo checkpoint) =>
        $"{Checkpoint(checkpoint)}, weights {checkpoint.WeightsSha256[..12]}…";
}
