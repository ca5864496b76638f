namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>Folders as training scripts leave them.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly Written _written = new();

    public CheckpointFolderTests() => _written.Weights(Written.Plain);

    public void Dispose() => _written.Dispose();

    [Fact]
    public void The_checkpoint_of_a_training_script_is_its_network_with_the_scheduler_of_the_run()
    {
        _written.Move("unet", "checkpoint-500/unet");
        _written.Text("checkpoint-500/optimizer.bin", "PK");
        _written.Text("checkpoint-500/random_states_0.pkl", "PK");

        _written.AssertSame("checkpoint-500");
        using var model = _written.Load("checkpoint-500");
        Assert.Equal(_written["scheduler/scheduler_config.json"], model.ScheduleOrigin!.File);
        Assert.Equal(
            ["checkpoint-500 holds no scheduler; that of the pipeline beside it was taken."],
            model.Assumptions
        );
    }

    [Fact]
    public void Only_a_training_checkpoint_is_given_the_scheduler_of_the_folder_above()
    {
        _written.Move("unet", "mine/unet");

        using var model = _written.Load("mine");

        Assert.Equal(Abstractions.ScheduleSource.Assumption, model.ScheduleOrigin!.Source);
    }

    [Fact]
    public void Between_the_trained_weights_and_their_average_nothing_is_decided()
    {
        _written.Move("unet", "checkpoint-500/unet");
        _written.Text(
            "checkpoint-500/unet_ema/config.json",
            File.ReadAllText(_written["checkpoint-500/unet/config.json"])
        );

        var message = _written.Refusal("checkpoint-500");

        Assert.Contains($"'{_written["checkpoint-500/unet"]}'", message, StringComparison.Ordinal);
        Assert.Contains($"'{_written["checkpoint-500/unet_ema"]}'", message, StringComparison.Ordinal);
        _written.AssertSame("checkpoint-500/unet");
    }

    [Fact]
    public void A_moving_average_loads_with_the_scheduler_beside_it()
    {
        _written.Move("unet", "unet_ema");
        File.Delete(_written["model_index.json"]);
        foreach (
            var (key, value) in new[]
            {
                ("decay", "0.9999"),
                ("inv_gamma", "1.0"),
                ("min_decay", "0.0"),
                ("optimization_step", "500"),
                ("power", "0.75"),
                ("update_after_step", "0"),
                ("use_ema_warmup", "true"),
            }
        )
            _written.Set("unet_ema/config.json", key, value);

        _written.AssertSame("unet_ema");
        _written.AssertSame();
        using var model = _written.Load("unet_ema");
        Assert.Empty(model.Assumptions);
    }

    [Theory]
    [InlineData("upcast_attention", "false")]
    [InlineData("encoder_hid_dim", "768")]
    public void A_setting_that_the_class_does_not_know_is_ignored_and_named(string key, string value)
    {
        _written.Set("unet/config.json", key, value);

        _written.AssertSame();
        using var model = _written.Load();
        Assert.Equal(
            [
                $"config.json sets {key} to {value}, which UNet2DModel does not know; "
                    + "diffusers ignores such settings, and they were ignored here.",
            ],
            model.Assumptions
        );
    }

    [Fact]
    public void A_folder_of_none_of_these_is_no_checkpoint()
    {
        _written.Move("unet", "elsewhere/network");

        Assert.False(new DiffusersAdapter().CanLoad(_written["elsewhere"]));
        Assert.Contains("holds neither model_index.json", _written.Refusal("elsewhere"), StringComparison.Ordinal);
        Assert.False(new DiffusersAdapter().CanLoad(_written["model_index.json"]));
    }
}
