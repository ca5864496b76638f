using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

internal sealed class GenerateCommand(
    TorchRuntime torch,
    AdapterSelection adapters,
    ProgressReporter reporter,
    ToolOutput output
) : ToolCommand("generate", "Generate pictures from a model; the same seed gives the same picture.")
{
    private readonly Setting<string> _model = Required("--model", "DIR", "The model");
    private readonly Setting<string> _folder = Required("--output", "DIR", "Where the pictures go, as seed-N.png");
    private readonly Setting<int> _count = Number(
        "--count",
        "N",
        "How many pictures; seeds count up from --seed",
        1,
        1_000_000,
        1
    );
    private readonly Setting<SamplerKind> _sampler = Choice(
        "--sampler",
        "The sampler",
        ("ddim", SamplerKind.Ddim),
        ("ddpm", SamplerKind.Ddpm)
    );
    private readonly Setting<int> _steps = Number(
        "--sampling-steps",
        "N",
        "Sampling steps",
        1,
        1000,
        new GeneratorOptions().Steps
    );
    private readonly Setting<double> _eta = Number("--eta", "X", "DDIM's noise, 0 for none", 0.0, 1.0, 0.0);
    private readonly Setting<int?> _class = OptionalNumber(
        "--class",
        "N",
        "Class to generate, for a class-conditional model",
        0,
        int.MaxValue,
        "none"
    );

    protected override IReadOnlyList<ISetting> Settings =>
        [_model, _folder, _count, _sampler, _steps, _eta, _class, .. adapters.All];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var source = adapters.Model(invocation, invocation.Get(_model));
        var session = torch.Start(invocation.Device, invocation.Threads);
        using var pool = new ModelPool(() => source.Load(session.Device));
        var generator = new PictureGenerator(
            pool,
            new()
            {
                Steps = invocation.Get(_steps),
                Sampler = invocation.Get(_sampler),
                Eta = invocation.Get(_eta),
            },
            session.Environment.Threads
        );
        var written = await reporter
            .RunAsync(progress => Generate(generator, invocation, progress, cancellation))
            .ConfigureAwait(false);
        if (invocation.Json)
            output.WriteJson(new ListDocument<WrittenPicture>("das-audit/pictures/1", written));
        else
            output.Say($"Wrote {Numbers.Count(written.Count, "picture")} into {invocation.Get(_folder)}.");
        return ExitCode.Done;
    }

    private List<WrittenPicture> Generate(
        PictureGenerator generator,
        Invocation invocation,
        IProgress<Core.Files.StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var seeds = Enumerable.Range(0, invocation.Get(_count)).Select(i => invocation.Seed + i).ToList();
        var pictures = generator.Generate(seeds, new(invocation.Get(_class), null), progress, cancellation);
        var written = new List<WrittenPicture>();
        foreach (var (seed, picture) in seeds.Zip(pictures))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.png");
            var path = Path.Combine(invocation.Get(_folder), name);
            PictureWriter.WritePng(picture, invocation.Resolve(path));
            written.Add(new(path, seed, PixelHash.Compute(picture)));
        }
        return written;
    }

    private sealed record WrittenPicture(string Path, long Seed, string PixelSha256);
}
