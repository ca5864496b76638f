using System.CommandLine;
using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Cli.Commands.Models;

/// <summary><c>generate --model DIR --output DIR</c>.</summary>
internal sealed class GenerateCommand : ToolCommand
{
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model");
    private readonly Setting<string> _folder = Setting.Required(
        "--output",
        "DIR",
        "Where the pictures go, as seed-N.png"
    );
    private readonly Setting<int> _count = Setting.Number(
        "--count",
        "N",
        "How many pictures; seeds count up from --seed",
        1,
        1_000_000,
        1
    );
    private readonly Setting<string> _sampler = Setting.OneOf("--sampler", "The sampler", "ddim", "ddpm");
    private readonly Setting<int> _steps = Setting.Number(
        "--sampling-steps",
        "N",
        "Sampling steps",
        1,
        1000,
        new GeneratorOptions().Steps
    );
    private readonly Setting<double> _eta = Setting.Number("--eta", "X", "DDIM's noise, 0 for none", 0.0, 1.0, 0.0);
    private readonly Setting<int?> _class = Setting.OptionalNumber(
        "--class",
        "N",
        "Class to generate, for a class-conditional model",
        0,
        int.MaxValue,
        "none"
    );
    private readonly TorchRuntime _torch;
    private readonly AdapterSelection _adapters;
    private readonly ProgressReporter _reporter;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public GenerateCommand(
        TorchRuntime torch,
        AdapterSelection adapters,
        ProgressReporter reporter,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base("generate", "Generate pictures from a model; the same seed gives the same picture.")
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
            var setting in new ISetting[] { _model, _folder, _count, _sampler, _steps, _eta, _class, adapters.Adapter }
        )
            Options.Add((Option)setting);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var adapter = _adapters.Find(invocation, invocation.Get(_model));
        var session = _torch.Start(invocation.Get(_common.Device), invocation.Get(_common.Threads));
        var source = new ModelSource(
            adapter,
            adapter.Version,
            adapter.Sha256,
            invocation.Get(_model),
            _surroundings.WorkingDirectory
        );
        var seeds = Enumerable.Range(0, invocation.Get(_count)).Select(i => invocation.Get(_common.Seed) + i).ToList();
        var made = await _reporter
            .RunAsync<IReadOnlyList<Line>>(progress =>
            {
                var pictures = new PictureGenerator(
                    () => source.Load(session.Device),
                    ReadOptions(invocation),
                    session.Environment.Threads
                ).Generate(seeds, new(invocation.Get(_class), null), progress, cancellation);
                return [.. seeds.Zip(pictures, (seed, picture) => Write(invocation, seed, picture))];
            })
            .ConfigureAwait(false);
        if (invocation.Get(_common.Json))
            _output.WriteJson(new ListDocument<Line>("das-audit/pictures/1", made));
        else
            _output.Say($"Wrote {Numbers.Count(made.Count, "picture")} into {invocation.Get(_folder)}.");
        return ExitCode.Done;
    }

    private GeneratorOptions ReadOptions(Invocation invocation) =>
        new()
        {
            Steps = invocation.Get(_steps),
            Sampler = invocation.Get(_sampler) == "ddim" ? SamplerKind.Ddim : SamplerKind.Ddpm,
            Eta = invocation.Get(_eta),
        };

    private Line Write(Invocation invocation, long seed, Picture picture)
    {
        var path = Path.Combine(
            invocation.Get(_folder),
            string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.png")
        );
        PictureWriter.WritePng(picture, _surroundings.Resolve(path));
        return new(path, seed, PixelHash.Compute(picture));
    }

    private sealed record Line(string Path, long Seed, string PixelSha256);
}
