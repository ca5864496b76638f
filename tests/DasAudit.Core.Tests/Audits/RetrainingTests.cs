using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;
using DasAudit.Safetensors;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>From pictures to ranks through models that are really trained on parts of them.</summary>
public sealed class RetrainingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copies_of_training_pictures_are_owed_to_those_pictures()
    {
        for (var i = 0; i < 8; i++)
            _folder.Write($"set/p{i}.png", Png(i));
        var set = TrainingSetLoader.Load(_folder.At("set"), new(), null, TestContext.Current.CancellationToken);
        for (var m = 0; m < 16; m++)
        {
            var options = new TrainingOptions
            {
                Steps = 120,
                BatchSize = 8,
                LearningRate = 2e-2,
                WarmupSteps = 5,
                EmaDecay = 0.9,
                Keep = [],
                Part = 0.5,
                PartSeed = m,
            };
            new Trainer(() => new TinyUnet(3), _ => set, options, 2).Train(
                _folder.At($"halves/{m}"),
                false,
                null,
                TestContext.Current.CancellationToken
            );
        }

        var reports = new TestAudit(_folder, new DatamodelMethod(), new EmpiricalInfluenceMethod())
        {
            Images = [.. Enumerable.Range(0, 8).Select(i => $"set/p{i}.png")],
            Adapter = new TinyAdapter(Trained),
            Model = "halves/0",
            Gradients = new() { Timesteps = 10, Replicates = 4 },
            Retrained = ["halves"],
        }.Reports();

        // By chance a picture comes first one time in eight; that six or more of the eight do has a probability of 1 in
        // 10 000.
        for (var m = 0; m < 2; m++)
        {
            var ranks = reports
                .Select(
                    (report, i) =>
                        report.Comparison!.Methods[m].Top.Index().Single(top => top.Item.Item == $"p{i}.png").Index
                )
                .ToList();
            Assert.True(
                ranks.Count(rank => rank == 0) >= 6 && ranks.Max() <= 3,
                $"{reports[0].Comparison!.Methods[m].Id}: ranks {string.Join(", ", ranks)}"
            );
        }

        Assert.All(
            reports,
            report =>
                Assert.DoesNotContain(
                    report.Limits,
                    limit =>
                        limit.Contains("by all or by none", StringComparison.Ordinal)
                        || limit.Contains("differ in more", StringComparison.Ordinal)
                )
        );
    }

    // One colour each, so that a network of a few hundred weights can know some of them and not others.
    private static byte[] Png(int number) =>
        PictureWriter.Png(
            new(8, 8, [.. Enumerable.Range(0, 8 * 8 * 3).Select(p => (byte)((number >> p % 3 & 1) == 1 ? 255 : 0))])
        );

    private static TinyUnet Trained(string path)
    {
        var model = new TinyUnet(3);
        using var noGradient = torch.no_grad();
        using var file = SafetensorsFile.Open(Path.Combine(path, "weights.safetensors"));
        foreach (var (name, parameter) in model.Network.named_parameters())
            file.CopyTo(name, parameter);
        return model;
    }
}
