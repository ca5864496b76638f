using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Evaluation;

/// <summary>A study with three queries that its model generated, and slow ways to look at its models.</summary>
internal sealed class GeneratedWorld : IDisposable
{
    private static readonly int[] Timesteps = [125, 625];

    private readonly StudyWorld _world;
    private readonly bool _knowsClasses;

    /// <param name="knowsClasses">Whether the queries are of the classes 0, 1 and 1.</param>
    public GeneratedWorld(bool knowsClasses = false)
    {
        (_world, _knowsClasses) = (new(knowsClasses), knowsClasses);
        foreach (var seed in Seeds)
            PictureWriter.WritePng(Generate(Folder["model"], seed), Folder.Path + $"/made/seed-{seed}.png");
    }

    public static IReadOnlyList<long> Seeds { get; } = [1, 2, 5];

    public TempFolder Folder => _world.Folder;

    public StudyWorld Study => _world;

    public List<string> Notices { get; } = [];

    public IProgress<StageProgress> Progress => new Listener(Notices);

    public EvaluationRequest Request(params string[] methods)
    {
        var audit = (
            _world.Audit(methods) with
            {
                Images = [.. Seeds.Select(seed => $"made/seed-{seed}.png")],
            }
        ).Request();
        return new()
        {
            Audit = WithSampling(audit with { Inputs = audit.Inputs with { QueryClasses = Classes } }, Sampling),
            HeldOut = _knowsClasses ? null : "held",
            Study = Folder["study"],
            Truth = new() { Timesteps = Timesteps.Length, Draws = 1 },
            BootstrapDraws = 100,
        };
    }

    public static AuditRequest WithSampling(AuditRequest request, GeneratorOptions sampling) =>
        request with
        {
            Inputs = request.Inputs with { Sampling = sampling },
        };

    public static GeneratorOptions Sampling { get; } = new() { Steps = 4 };

    public string[] Models => Directory.GetDirectories(Folder["study/models"]);

    public string FolderOf(string job) => Path.Combine(Folder["study/models"], job);

    public Picture Query(long seed) => PictureReader.Read(Folder[$"made/seed-{seed}.png"]).Picture;

    /// <summary>The distance of the pictures that two models generate, in values from −1 to 1.</summary>
    public double Distance(string model, string reference, long seed)
    {
        var (a, b) = (Generate(model, seed), Generate(reference, seed));
        return Math.Sqrt(a.Rgb.Zip(b.Rgb, (x, y) => (x - y) / 127.5).Sum(difference => difference * difference));
    }

    /// <summary>The root mean square difference of the predictions, mean over timesteps.</summary>
    public double OutputChange(string model, string reference, long seed) =>
        Timesteps.Average(timestep =>
        {
            var (a, b) = (Predict(model, seed, timestep), Predict(reference, seed, timestep));
            return Math.Sqrt(a.Prediction.Zip(b.Prediction, (x, y) => (double)(x - y) * (x - y)).Average());
        });

    public double Loss(string model, long seed) =>
        Timesteps.Average(timestep =>
        {
            var (prediction, noise) = Predict(model, seed, timestep);
            return prediction.Zip(noise, (x, y) => (double)(x - y) * (x - y)).Average();
        });

    public void Dispose() => _world.Dispose();

    private IReadOnlyList<int> Classes => _knowsClasses ? [0, 1, 1] : [];

    private Condition ConditionOf(long seed) => new(_knowsClasses ? Classes[Seeds.ToList().IndexOf(seed)] : null, null);

    private Picture Generate(string folder, long seed)
    {
        using var pool = new ModelPool(() => _world.Source.WithTrained(folder).Load(CPU));
        return new PictureGenerator(pool, Sampling, 1).Generate(
            [seed],
            ConditionOf(seed),
            null,
            TestContext.Current.CancellationToken
        )[0];
    }

    private (float[] Prediction, float[] Noise) Predict(string folder, long seed, int timestep)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = _world.Source.WithTrained(folder).Load(CPU);
        var clean = tensor(PictureTensor.ToValues(Query(seed), model.PictureShape), [1, 3, 8, 8]);
        var noise = new NoiseSource(1)
            .Normal(new(NoisePurpose.Attribution, timestep, 0), model.SampleShape)
            .unsqueeze(0);
        var t = tensor(new long[] { timestep });
        using var condition = (model as IConditioned)?.EncodeConditions([ConditionOf(seed)]);
        var prediction = model.Predict(model.Process.AddNoise(clean, noise, t), t, condition);
        return (prediction.contiguous().data<float>().ToArray(), noise.contiguous().data<float>().ToArray());
    }

    private sealed class Listener(List<string> notices) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Notice is { } notice)
                notices.Add(notice);
        }
    }
}
