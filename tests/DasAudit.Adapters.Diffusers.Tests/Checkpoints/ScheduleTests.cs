using DasAudit.Abstractions;
using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>Which noise schedule a checkpoint gets, what says so, and that its hash tells schedules apart.</summary>
public sealed class ScheduleTests : IDisposable
{
    private const string Scheduler = "scheduler/scheduler_config.json";

    private readonly Written _written = new();

    public ScheduleTests() => _written.Weights(Written.Plain);

    public void Dispose() => _written.Dispose();

    [Fact]
    public void What_a_checkpoint_states_is_no_assumption()
    {
        using var model = _written.Load();

        Assert.Equal(
            new ScheduleOrigin(
                "linear from 0.0001 to 0.02, 1000 timesteps",
                ScheduleSource.Checkpoint,
                _written[Scheduler]
            ),
            model.ScheduleOrigin
        );
        Assert.Empty(model.Assumptions);
    }

    [Fact]
    public void Without_a_scheduler_the_defaults_are_an_assumption_that_names_them_and_the_option()
    {
        _written.Delete("scheduler");
        File.Delete(_written["model_index.json"]);

        using var model = _written.Load("unet");

        Assert.Equal(ScheduleSource.Assumption, model.ScheduleOrigin!.Source);
        Assert.Null(model.ScheduleOrigin.File);
        Assert.Equal(
            "No file beside the model states its noise schedule, so the defaults of diffusers' DDPMScheduler were "
                + "assumed: betas linear from 0.0001 to 0.02, 1000 timesteps, prediction type epsilon. If it was "
                + "trained with another schedule, the scores mislead; say with {schedule} which it was.",
            Assert.Single(model.Assumptions)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("unet")]
    public void A_scheduler_that_the_index_names_and_that_is_not_there_is_refused(string model)
    {
        _written.Delete("scheduler");

        Assert.Equal(
            $"'{_written["model_index.json"]}' names the scheduler DDPMScheduler, but '{_written[Scheduler]}' is not "
                + "there; put it there, or say with {schedule} which noise schedule the model was trained with.",
            _written.Refusal(model)
        );
        using var loaded = _written.Load(model, "ddpm-cosine:sample");
        Assert.Equal("squaredcos_cap_v2, 1000 timesteps", loaded.ScheduleOrigin!.Description);
    }

    [Fact]
    public void An_index_that_names_no_scheduler_asks_for_none()
    {
        _written.Delete("scheduler");
        _written.Set("model_index.json", "scheduler", "[null, null]");

        using var model = _written.Load();

        Assert.Equal(ScheduleSource.Assumption, model.ScheduleOrigin!.Source);
    }

    public static TheoryData<string, float[], PredictionType> Named =>
        new()
        {
            { "ddpm-linear", NoiseSchedule.Linear(1000, 0.0001, 0.02).Betas.ToArray(), PredictionType.Epsilon },
            { "ddpm-cosine:sample", NoiseSchedule.SquaredCosine(1000).Betas.ToArray(), PredictionType.Sample },
            {
                "ddpm-scaled-linear:v_prediction",
                NoiseSchedule.ScaledLinear(1000, 0.0001, 0.02).Betas.ToArray(),
                PredictionType.Velocity
            },
            {
                "sd-scaled-linear:epsilon",
                NoiseSchedule.ScaledLinear(1000, 0.00085, 0.012).Betas.ToArray(),
                PredictionType.Epsilon
            },
        };

    [Theory]
    [MemberData(nameof(Named))]
    public void A_schedule_can_be_asked_for_by_name(string name, float[] betas, PredictionType prediction)
    {
        using var model = _written.Load("", name);

        Assert.Equal(betas, model.Process.Levels.ToArray());
        Assert.Equal(prediction, ((DiscreteDiffusion)model.Process).PredictionType);
        Assert.Equal(ScheduleSource.Request, model.ScheduleOrigin!.Source);
        Assert.DoesNotContain(_written[Scheduler], model.Files);
    }

    [Fact]
    public void A_schedule_that_differs_from_the_checkpoints_own_wins_and_is_told()
    {
        using var model = _written.Load("", "ddpm-cosine");

        Assert.Equal(
            "The noise schedule of {schedule} (squaredcos_cap_v2, 1000 timesteps, prediction type epsilon) was "
                + "followed, and not the checkpoint's own, which differs (linear from 0.0001 to 0.02, 1000 "
                + "timesteps, prediction type epsilon).",
            Assert.Single(model.Assumptions)
        );
        using var same = _written.Load("", "ddpm-linear:epsilon");
        Assert.Empty(same.Assumptions);
        _written.Set(Scheduler, "_class_name", "\"FlowMatchEulerDiscreteScheduler\"");
        using var unknown = _written.Load("", "ddpm-linear");
        Assert.Contains("which is not supported", Assert.Single(unknown.Assumptions), StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_can_be_asked_for_by_file_or_folder()
    {
        _written.Move("scheduler", "elsewhere/scheduler");
        _written.Set("elsewhere/" + Scheduler, "prediction_type", "\"v_prediction\"");

        foreach (var path in new[] { "elsewhere", "elsewhere/scheduler", "elsewhere/" + Scheduler })
        {
            using var model = _written.Load("", _written[path]);
            Assert.Equal("v_prediction", model.Process.Prediction);
            Assert.Equal(_written["elsewhere/" + Scheduler], model.ScheduleOrigin!.File);
            Assert.Contains(_written["elsewhere/" + Scheduler], model.Files);
        }
    }

    [Theory]
    [InlineData("ddpm-quadratic", "There is no schedule 'ddpm-quadratic' for {schedule}; give a scheduler_config.json")]
    [InlineData(
        "ddpm-linear:noise",
        "says that the network predicts 'noise'; say one of epsilon, v_prediction, sample"
    )]
    public void A_schedule_that_does_not_exist_is_refused(string name, string expected) =>
        Assert.Contains(expected, _written.Refusal("", name), StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_a_scheduler_is_no_schedule() =>
        Assert.Contains(
            "holds no scheduler_config.json",
            _written.Refusal("", _written["unet"]),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_hash_tells_schedules_and_prediction_types_apart_and_stays_where_a_file_states_them()
    {
        var stated = Hash("", null);
        var whole = Hash("unet", null);
        Assert.Equal(stated, whole);

        string[] named =
        [
            Hash("", "ddpm-linear"),
            Hash("", "ddpm-linear:sample"),
            Hash("", "ddpm-cosine"),
            Hash("", "sd-scaled-linear"),
            stated,
        ];
        Assert.Equal(named.Length, named.Distinct().Count());
        _written.Move("scheduler", "elsewhere");
        File.Delete(_written["model_index.json"]);
        Assert.Equal(named[0], Hash("unet", null));
        Assert.Equal(stated, Hash("unet", _written["elsewhere"]));
    }

    [Fact]
    public void A_model_trained_on_with_a_schedule_that_was_asked_for_states_it()
    {
        using (var model = _written.Load("", "ddpm-cosine:sample"))
            ((ITrainable)model).Save(_written["saved"]);

        using var saved = _written.Load("saved");

        Assert.Equal("squaredcos_cap_v2, 1000 timesteps", saved.ScheduleOrigin!.Description);
        Assert.Equal("sample", saved.Process.Prediction);
        Assert.Equal(ScheduleSource.Checkpoint, saved.ScheduleOrigin.Source);
    }

    private string Hash(string model, string? schedule)
    {
        using var loaded = _written.Load(model, schedule);
        return ModelSource.Hash(loaded);
    }
}
