using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Commands.Models;

[Collection(nameof(SmallWorldTests))]
public sealed class TrainCommandTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task It_writes_a_checkpoint_as_diffusers_lays_it_out()
    {
        var outcome = await _tool.RunAsync([.. Training("out"), "--json", "--quiet"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var document = outcome.Json();
        Assert.Equal("das-audit/training/1", document.GetProperty("schema").GetString());
        Assert.Equal(
            ("out", 6),
            (document.GetProperty("output").GetString(), document.GetProperty("steps").GetInt32())
        );
        string[] checkpoint =
        [
            "model_index.json",
            "scheduler/scheduler_config.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
        ];
        Assert.Equal(
            [
                .. ((string[])["checkpoint.json", .. checkpoint, "second-moments.safetensors"])
                    .Select(name => $"checkpoints/0000002/{name}")
                    .Order(StringComparer.Ordinal),
                checkpoint[0],
                checkpoint[1],
                "training.json",
                .. checkpoint[2..],
            ],
            SmallWorld.Contents(At("out")).Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task What_it_writes_can_generate_and_be_audited()
    {
        Assert.Equal(0, (await _tool.RunAsync([.. Training("out"), "--half", "--quiet"])).ExitCode);
        Assert.Equal(
            new Outcome(0, "", ""),
            await _tool.RunAsync("generate", "--model", "out", "--output", "made", "--sampling-steps", "2", "--quiet")
        );
        var audit = await _tool.RunAsync([
            "audit",
            "made/seed-0.png",
            "--model",
            "out",
            "--dataset",
            world.Dataset,
            "--json",
            .. SmallWorld.Quick,
        ]);
        Assert.Equal((0, ""), (audit.ExitCode, audit.Error));
        Assert.Equal(6, audit.Json().GetProperty("attributions").GetArrayLength());
    }

    [Fact]
    public async Task A_folder_with_files_is_refused_and_left_alone()
    {
        _tool.Write("out/mine.txt", "mine");
        var outcome = await _tool.RunAsync(Training("out"));
        Assert.Equal(
            new Outcome(
                1,
                "",
                "das-audit: 'out' already holds files and no unfinished training; choose another --output.\n"
            ),
            outcome
        );
        Assert.Equal(["mine.txt"], SmallWorld.Contents(At("out")).Keys);
    }

    [Fact]
    public async Task A_seed_decides_the_weights_and_threads_do_not()
    {
        await _tool.RunAsync([.. Training("one"), "--threads", "1"]);
        await _tool.RunAsync([.. Training("two"), "--threads", "2"]);
        await _tool.RunAsync([.. Training("other"), "--seed", "9"]);
        Assert.Equal(SmallWorld.Contents(At("one")), SmallWorld.Contents(At("two")));
        Assert.NotEqual(
            File.ReadAllBytes(SmallWorld.Weights(At("one"))),
            File.ReadAllBytes(SmallWorld.Weights(At("other")))
        );
    }

    [Fact]
    public async Task An_interrupted_training_goes_on_to_the_weights_of_an_uninterrupted_one()
    {
        Assert.Equal(0, (await _tool.RunAsync([.. Training("whole"), "--quiet"])).ExitCode);

        var interrupted = await InterruptAsync("training: 3 of 6", Training("parts"));
        Assert.Equal(130, interrupted.ExitCode);
        Assert.Empty(interrupted.Out);
        Assert.Contains("das-audit: cancelled", interrupted.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("training: 4 of 6", interrupted.Error, StringComparison.Ordinal);
        Assert.Equal(
            [Trainer.StateFile],
            SmallWorld
                .Contents(At("parts"))
                .Keys.Where(name => !name.StartsWith("checkpoints/", StringComparison.Ordinal))
        );

        var resumed = await InterruptAsync("never", Training("parts"));
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("training: 5 of 6", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("training: 2 of 6", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(SmallWorld.Contents(At("whole")), SmallWorld.Contents(At("parts")));
    }

    [Fact]
    public async Task An_interrupted_training_does_not_go_on_with_other_settings()
    {
        await InterruptAsync("training: 2 of 6", Training("out"));
        var before = SmallWorld.Contents(At("out"));
        var outcome = await _tool.RunAsync([.. Training("out"), "--seed", "1", "--quiet"]);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("was started with another", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, SmallWorld.Contents(At("out")));
    }

    [Fact]
    public async Task A_column_of_metadata_beside_another_source_of_captions_is_refused()
    {
        var outcome = await _tool.RunAsync([
            .. Training("out"),
            "--caption-column",
            "blip",
            "--caption-source",
            "txt",
            "--quiet",
        ]);
        Assert.Equal(
            new Outcome(
                1,
                "",
                "das-audit: --caption-column names a column of metadata, and --caption-source takes captions from "
                    + ".txt files alone; leave one of the two out.\n"
            ),
            outcome
        );
    }

    [Fact]
    public async Task A_dataset_that_is_not_there_is_refused_and_no_folder_is_made()
    {
        var outcome = await _tool.RunAsync(
            "train",
            "--model",
            world.Config,
            "--dataset",
            "nowhere",
            "--output",
            "out",
            "--quiet"
        );
        Assert.Equal(
            new Outcome(1, "", "das-audit: The dataset folder 'nowhere' does not exist; check the path.\n"),
            outcome
        );
        Assert.False(Directory.Exists(At("out")));
    }

    private string At(string folder) => Path.Combine(_tool.WorkingDirectory, folder);

    private string[] Training(string folder) =>
        [
            "train",
            "--model",
            world.Config,
            "--dataset",
            world.Dataset,
            "--output",
            folder,
            "--steps",
            "6",
            "--batch-size",
            "4",
            "--warmup",
            "2",
            "--ema",
            "0.5",
        ];

    /// <summary>Runs the tool and cancels it when it has written a line with a text.</summary>
    private async Task<Outcome> InterruptAsync(string text, string[] args)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new WatchedWriter(text, cancellation) { NewLine = "\n" };
        using var terminal = new Terminal(output, error);
        using var host = ToolHost.Build(
            terminal,
            _tool.Surroundings,
            services => services.AddSingleton<TimeProvider>(new HurriedTime())
        );
        var exitCode = await host.Services.GetRequiredService<CommandRunner>().RunAsync(args, cancellation.Token);
        return new(exitCode, output.ToString(), error.ToString());
    }

    private sealed class WatchedWriter(string text, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
                cancellation.Cancel();
        }
    }

    /// <summary>A minute passes at every look, so that every step gets its line.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimeSpan.TicksPerMinute);
    }
}
