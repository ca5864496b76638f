namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>The schedule that a checkpoint is loaded with: its own, one asked for, or an assumed one.</summary>
/// <param name="Json">What states it.</param>
/// <param name="Assumptions">Sentences on what no file states.</param>
internal sealed record ChosenSchedule(
    JsonConfig Json,
    SchedulerConfig Config,
    ScheduleOrigin Origin,
    IReadOnlyList<string> Assumptions
)
{
    private const string Option = ModelLoadOptions.ScheduleName;

    /// <summary>Chooses; <paramref name="asked"/> is <see cref="ModelLoadOptions.Schedule"/>.</summary>
    internal static ChosenSchedule Of(Checkpoint checkpoint, string? asked)
    {
        if (asked is not null)
            return AskedFor(checkpoint.SchedulerFile is { } path ? () => JsonConfig.Read(path) : null, asked);
        if (checkpoint.SchedulerFile is { } file)
            return Make(JsonConfig.Read(file), ScheduleSource.Checkpoint, file, checkpoint.SchedulerNote);
        if (checkpoint.ExpectedScheduler is { } expected)
            throw new AuditException(
                $"'{expected.IndexFile}' names the scheduler {expected.ClassName}, but '{expected.File}' is not there; "
                    + $"put it there, or say with {Option} which noise schedule the model was trained with."
            );
        return Assumed();
    }

    /// <summary>Chooses for a checkpoint whose scheduler was found without it.</summary>
    /// <param name="stated">What describes it.</param>
    /// <param name="file">The file that states it; null if it was assumed.</param>
    /// <param name="note">A sentence on what was assumed; null for nothing.</param>
    internal static ChosenSchedule Of(JsonConfig stated, string? file, string? note, string? asked)
    {
        if (asked is not null)
            return AskedFor(file is null ? null : () => stated, asked);
        return Make(stated, file is null ? ScheduleSource.Assumption : ScheduleSource.Checkpoint, file, note);
    }

    private static ChosenSchedule Assumed()
    {
        var schedule = Make(NamedSchedule.DdpmDefaults, ScheduleSource.Assumption, null, null);
        var config = schedule.Config;
        var sentence =
            "No file beside the model states its noise schedule, so the defaults of diffusers' DDPMScheduler were "
            + $"assumed: betas {config.Description}, prediction type epsilon. If it was trained with another schedule, "
            + $"the scores mislead; say with {Option} which it was.";
        return schedule with { Assumptions = [sentence] };
    }

    private static ChosenSchedule AskedFor(Func<JsonConfig>? readStated, string asked)
    {
        var file = SchedulerFiles.Asked(asked);
        var json = file is null ? Named(asked) : JsonConfig.Read(file);
        var schedule = Make(json, ScheduleSource.Request, file, null);
        return Difference(readStated, schedule.Config) is { } difference
            ? schedule with
            {
                Assumptions = [.. schedule.Assumptions, difference],
            }
            : schedule;
    }

    private static JsonConfig Named(string asked) =>
        NamedSchedule.Find(asked)
        ?? throw new AuditException(
            $"There is no schedule '{asked}' for {Option}; give a {SchedulerFiles.Name}, a folder with one, or one of "
                + $"{NamedSchedule.Names}."
        );

    // How the schedule differs from the checkpoint's own; null if it does not, or if the checkpoint has none.
    private static string? Difference(Func<JsonConfig>? readStated, SchedulerConfig chosen)
    {
        if (readStated is null)
            return null;
        var chosenText = $"{chosen.Description}, prediction type {Name(chosen.PredictionType)}";
        try
        {
            var stated = SchedulerConfig.Read(readStated());
            var isSame =
                stated.PredictionType == chosen.PredictionType
                && stated.Schedule.Betas.SequenceEqual(chosen.Schedule.Betas);
            return isSame
                ? null
                : $"The noise schedule of {Option} ({chosenText}) was followed, and not the checkpoint's own, which "
                    + $"differs ({stated.Description}, prediction type {Name(stated.PredictionType)}).";
        }
        catch (AuditException)
        {
            return $"The noise schedule of {Option} ({chosenText}) was followed, and not the checkpoint's own, which "
                + "is not supported.";
        }
    }

    private static ChosenSchedule Make(JsonConfig json, ScheduleSource source, string? file, string? note)
    {
        var config = SchedulerConfig.Read(json);
        return new(
            json,
            config,
            new(config.Description, source, file),
            note is null ? config.Notes : [note, .. config.Notes]
        );
    }

    private static string Name(PredictionType type) =>
        type switch
        {
            PredictionType.Epsilon => "epsilon",
            PredictionType.Velocity => "v_prediction",
            _ => "sample",
        };
}
