using System.CommandLine;
using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Training;

namespace DasAudit.Cli.Commands.Models;

/// <summary><c>train --model DIR --dataset DIR --output DIR</c>.</summary>
internal sealed class TrainCommand : ToolCommand
{
    private readonly Setting<string> _model = Setting.Required(
        "--model",
        "DIR",
        "A checkpoint's configuration; weights are not needed and not read"
    );
    private readonly Setting<string> _dataset = Setting.Required("--dataset", "DIR", "The pictures to train on");
    private readonly Setting<string> _folder = Setting.Required("--output", "DIR", "Where the trained model goes");
    private readonly Setting<bool> _half = Setting.Flag("--half", "Store the weights as float16");
    private readonly Setting<bool> _strict = Setting.Flag(
        "--strict",
        "Refuse a dataset with broken pictures instead of leaving them out"
    );
    private readonly TrainingSettings _settings = new();
    private readonly TorchRuntime _torch;
    private readonly AdapterSelection _adapters;
    private readonly ProgressReporter _reporter;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public TrainCommand(
        TorchRuntime torch,
        AdapterSelection adapters,
        ProgressReporter reporter,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base("train", "Train a diffusion model on a dataset; run it again to go on after an interruption.")
    {
        (_torch, _adapters, _reporter, _common, _surroundings, _output) = (
            torch,
            adapters,
            reporter,
            common,
            surroundings,
            output
        );
        foreach (
            var setting in new ISetting[] { _model, _dataset, _folder }
                .Concat(_settings.All)
                .Concat([_half, _strict, adapters.Adapter])
        )
            Options.Add((Option)setting);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("train --model ddpm/ --dataset pictures/ --output trained/", "A model of all pictures."),
            (
                "train --model ddpm/ --dataset pictures/ --part 0.5 --part-seed 1 --output half/1",
                "One of a random half, for audit --method datamodel --retrained half/."
            ),
        ];

    /// <inheritdoc/>
    public override string Notes =>
        "Ctrl+C saves the state into the output folder; the same command goes on from there, to the same weights as without the interruption, with any number of threads.";

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = _surroundings.Resolve(invocation.Get(_folder));
        if (
            Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, Trainer.StateFile))
        )
            throw new AuditException(
                $"'{invocation.Get(_folder)}' already holds files and no unfinished training; choose another --output."
            );
        var adapter = _adapters.Find(invocation, invocation.Get(_model));
        var session = _torch.Start(invocation.Get(_common.Device), invocation.Get(_common.Threads));
        var options = _settings.Read(invocation, invocation.Get(_common.Seed));
        var source = new ModelSource(
            adapter,
            adapter.Version,
            adapter.Sha256,
            invocation.Get(_model),
            _surroundings.WorkingDirectory
        );

        await _reporter
            .RunAsync<bool>(progress =>
            {
                var set = TrainingSetLoader.Load(
                    _surroundings.Resolve(invocation.Get(_dataset)),
                    new() { Strict = invocation.Get(_strict), ShownAs = invocation.Get(_dataset) },
                    progress,
                    cancellation
                );
                var untrained = new ModelLoadOptions { UntrainedSeed = options.Seed };
                new Trainer(
                    () => source.Load(session.Device, untrained),
                    set,
                    options,
                    session.Environment.Threads
                ).Train(folder, invocation.Get(_half), progress, cancellation);
                return true;
            })
            .ConfigureAwait(false);
        if (invocation.Get(_common.Json))
            _output.WriteJson(
                new
                {
                    schema = "das-audit/training/1",
                    output = invocation.Get(_folder),
                    steps = options.Steps,
                    seed = options.Seed,
                    part = options.Part,
                    partSeed = options.Part is null ? (long?)null : options.PartSeed,
                }
            );
        else
            _output.Say(
                $"Trained{(options.Part is { } part ? FormattableString.Invariant($" on {part} of the pictures, part {options.PartSeed}") : "")}; pictures from it: das-audit generate --model {invocation.Get(_folder)} --output pictures"
            );
        return ExitCode.Done;
    }
}
