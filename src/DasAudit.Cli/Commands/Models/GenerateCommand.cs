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
    private readonly Setting<SamplerKind?> _sampler = SamplerSetting.Of(
        "The sampler; by default the one of the model's scheduler if it is euler or dpm++, else ddim"
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
    private readonly Setting<string?> _prompt = Parsed<string?>(
        "--prompt",
        "TEXT",
        "Text to generate, for a model that is conditioned on text; default the empty one.",
        text => text,
        null
    );
    private readonly Setting<string?> _negative = Parsed<string?>(
        "--negative-prompt",
        "TEXT",
        "Text that guidance leads away from; default what the model was trained to take for no text.",
        text => text,
        null
    );
    private readonly Setting<double?> _guidance = OptionalNumber<double>(
        "--guidance",
        "X",
        "Scale of classifier-free guidance, 1 for none",
        0,
        1000,
        "that of the model's family"
    );

    protected override IReadOnlyList<ISetting> Settings =>
        [_model, _folder, _count, _prompt, _negative, _guidance, _sampler, _steps, _eta, _class, .. adapters.All];

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
                Guidance = invocation.Get(_guidance),
                NegativePrompt = invocation.Get(_negative),
            },
            session.Environment.Threads
        );

        MentionedModel Mention()
        {
            using var copy = pool.Rent();
            return source.Mention(copy.Model);
        }

        var written = await reporter
            .RunAsync(progress => Generate(generator, Mention, invocation, progress, cancellation))
            .ConfigureAwait(false);
        if (invocation.Json)
            output.WriteJson(new ListDocument<WrittenPicture>("das-audit/pictures/1", written));
        else
            output.Say($"Wrote {Numbers.Count(written.Count, "picture")} into {invocation.Get(_folder)}.");
        return ExitCode.Done;
    }

    private List<WrittenPicture> Generate(
        PictureGenerator generator,
        Func<MentionedModel> mention,
        Invocation invocation,
        IProgress<Core.Files.StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var seeds = Enumerable.Range(0, invocation.Get(_count)).Select(i => invocation.Seed + i).ToList();
        var condition = new Condition(invocation.Get(_class), invocation.Get(_prompt));
        var pictures = generator.Generate(seeds, condition, progress, cancellation);
        var mentioned = new Lazy<MentionedModel>(mention);
        var written = new List<WrittenPicture>();
        foreach (var (seed, picture) in seeds.Zip(pictures))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.png");
            var path = Path.Combine(invocation.Get(_folder), name);
            PictureWriter.WritePng(picture, invocation.Resolve(path), generator.Describe(seed, condition, mentioned));
            written.Add(new(path, seed, PixelHash.Compute(picture)));
        }
        return written;
    }

    private sealed record WrittenPicture(string Path, long Seed, string PixelSha256);
}
