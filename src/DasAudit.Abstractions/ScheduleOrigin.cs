namespace DasAudit.Abstractions;

/// <summary>Which noise schedule a model was given, and what states it.</summary>
/// <param name="Description">For a person, such as <c>linear from 0.0001 to 0.02, 1000 timesteps</c>.</param>
/// <param name="Source">What states the schedule and what the network predicts.</param>
/// <param name="File">
/// Absolute path of the file that states them, one of <see cref="IDiffusionModel.Files"/>; null if no file does.
/// </param>
public sealed record ScheduleOrigin(string Description, ScheduleSource Source, string? File = null);

/// <summary>What states a model's noise schedule and what its network predicts.</summary>
public enum ScheduleSource
{
    /// <summary>The checkpoint.</summary>
    Checkpoint,

    /// <summary>Whoever loads it: <see cref="ModelLoadOptions.Schedule"/>.</summary>
    Request,

    /// <summary>Nothing, so that a default was assumed; <see cref="IDiffusionModel.Assumptions"/> says which.</summary>
    Assumption,
}
