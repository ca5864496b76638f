using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Models;

/// <summary>What a person reads of a model's noise schedule.</summary>
internal static class ScheduleFacts
{
    /// <summary>Such as <c>linear from 0.0001 to 0.02, 1000 timesteps</c>.</summary>
    public static string Description(IDiffusionModel model)
    {
        var process = model.Process;
        var (first, last) = (process.Levels[0], process.Levels[^1]);
        return model.ScheduleOrigin?.Description
            ?? string.Create(
                CultureInfo.InvariantCulture,
                $"{Noun(process)} from {first:G3} to {last:G3}, {process.TrainTimesteps} timesteps"
            );
    }

    /// <summary>What states both: a file, relative to a folder if given, or a setting; null if nothing.</summary>
    /// <param name="schedule">The schedule that was asked for, as given; null for none.</param>
    /// <param name="folder">Absolute; null to give the absolute path of a file.</param>
    public static string? Source(IDiffusionModel model, string? schedule, string? folder) =>
        model.ScheduleOrigin switch
        {
            { Source: ScheduleSource.Request } => $"{Settings.Name("schedule")} {schedule}",
            { Source: ScheduleSource.Assumption } => null,
            { File: { } file } => folder is null ? file : Platform.Current.Slashed(Path.GetRelativePath(folder, file)),
            _ => "the checkpoint",
        };

    private static string Noun(IForwardProcess process) => process is DiscreteDiffusion ? "betas" : "noise levels";
}
