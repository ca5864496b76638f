using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;

namespace DasAudit.Core.Tests.Training;

public sealed class TrainingPartTests : IDisposable
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 8,
        BatchSize = 6,
        WarmupSteps = 2,
        LearningRate = 5e-3,
        Seed = 5,
        Part = 0.5,
        PartSeed = 3,
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(25, 0.5, 13)]
    [InlineData(20, 0.3, 6)]
    [InlineData(4, 0.01, 1)]
    [InlineData(4, 0.99, 3)]
    public void A_part_has_the_size_that_was_asked_for_and_its_seed_says_which(int count, double fraction, int expected)
    {
        var (set, drawn) = (Set(count), new HashSet<string>());
        for (var seed = 0; seed < 8; seed++)
        {
            var part = TrainingPart.Draw(set, fraction, seed);
            Assert.Equal(expected, part.Count);
            Assert.Equal(part.Select(item => item.Index).Order().Distinct(), part.Select(item => item.Index));
            Assert.Equal(part, TrainingPart.Draw(Set(count), fraction, seed));
            drawn.Add(string.Join(',', part.Select(item => item.Index)));
        }

        Assert.InRange(drawn.Count, 3, 8);
    }

    [Fact]
    public void Over_many_seeds_every_picture_is_drawn_alike()
    {
        var counts = new int[10];
        for (var seed = 0; seed < 400; seed++)
            foreach (var item in TrainingPart.Draw(Set(10), 0.5, seed))
                counts[item.Index]++;
        // Five standard deviations of a binomial of 400 halves.
        Assert.All(counts, count => Assert.InRange(count, 150, 250));
    }

    [Fact]
    public void Copies_of_a_picture_are_in_a_part_together()
    {
        var set = Set(12, copies: 3);
        for (var seed = 0; seed < 10; seed++)
        {
            var part = TrainingPart.Draw(set, 0.5, seed);
            Assert.Equal(6, part.Count);
            Assert.All(part.GroupBy(item => item.PixelSha256), group => Assert.Equal(3, group.Count()));
        }

        Assert.Contains(
            "{part}",
            Assert.Throws<AuditException>(() => TrainingPart.Draw(Set(3, copies: 3), 0.5, 0)).Message
        );
    }

    [Fact]
    public void A_picture_meets_the_same_noise_and_timestep_in_an_epoch_whatever_else_is_in_the_part()
    {
        using var model = new TinyUnet();
        var set = Set(25);
        var (source, one) = (new NoiseSource(4), TrainingPart.Draw(set, 0.5, 1).ToList());
        var foreign = set.Items.First(item => !one.Contains(item));
        List<TrainingItem> other = [foreign, .. one.Where((_, i) => i != 2)];
        Assert.Equal(12, one.Intersect(other).Count());

        var (seen, again) = (Epochs(one), Epochs(other));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(
                one.Select(item => item.Index).Order(),
                seen[epoch].Select(sample => sample.Item.Index).Order()
            );
            var common = seen[epoch].Where(sample => other.Contains(sample.Item)).ToList();
            // In one order, though in other places.
            Assert.Equal(
                common.Select(sample => sample.Item.Index),
                again[epoch].Where(sample => one.Contains(sample.Item)).Select(sample => sample.Item.Index)
            );
            foreach (var sample in common)
            {
                var counterpart = again[epoch].Single(own => own.Item == sample.Item);
                Assert.Equal(sample.Timestep(source, 1000), counterpart.Timestep(source, 1000));
                Assert.Equal(Noise(sample), Noise(counterpart));
            }

            // Not the same for all pictures, nor in all epochs.
            Assert.Equal(13, seen[epoch].Select(sample => Noise(sample)[0]).Distinct().Count());
            Assert.InRange(seen[epoch].Select(sample => sample.Timestep(source, 1000)).Distinct().Count(), 8, 13);
            if (epoch > 0)
                Assert.Empty(
                    seen[epoch]
                        .Select(sample => Noise(sample)[0])
                        .Intersect(seen[epoch - 1].Select(sample => Noise(sample)[0]))
                );
        }

        TrainingSample[][] Epochs(List<TrainingItem> part)
        {
            var batches = new TrainingBatches(set, source, 5, part);
            return [.. Enumerable.Range(0, 8).SelectMany(batches.Samples).Chunk(part.Count).Take(3)];
        }

        float[] Noise(TrainingSample sample)
        {
            using var noise = sample.DrawNoise(source, model.PictureShape);
            return noise.data<float>().ToArray();
        }
    }

    [Fact]
    public void Without_a_part_noise_and_timestep_are_those_of_the_step_and_the_place_in_the_batch()
    {
        // What the weights of the sample's model depend on.
        using var model = new TinyUnet();
        var (set, source) = (Set(25), new NoiseSource(4));
        var batches = new TrainingBatches(set, source, 10);
        for (var step = 0; step < 6; step++)
        {
            foreach (var (place, sample) in batches.Samples(step).Index())
            {
                var position = step * 10 + place;
                Assert.Equal(
                    source.Permutation(new(NoisePurpose.TrainingOrder, 0, position / 25), 25)[position % 25],
                    sample.Item.Index
                );
                Assert.Equal(
                    source.Below(new(NoisePurpose.TrainingTimestep, step, 0), place, 1000),
                    sample.Timestep(source, 1000)
                );
                using var expected = source.Normal(new(NoisePurpose.TrainingNoise, step, place), model.PictureShape);
                using var noise = sample.DrawNoise(source, model.PictureShape);
                Assert.Equal(expected.data<float>().ToArray(), noise.data<float>().ToArray());
            }
        }
    }

    [Fact]
    public void Training_on_a_part_reads_no_other_picture_and_writes_which_it_read()
    {
        var read = new HashSet<int>();
        var set = Set(25, read: read);
        new Trainer(() => new TinyUnet(3), _ => set, Options, 2).Train(
            Folder("part"),
            false,
            null,
            CancellationToken.None
        );
        var part = TrainingPart.Draw(set, 0.5, 3);
        Assert.Equal(part.Select(item => item.Index), read.Order());

        var record = TrainingRecord.Read(Folder("part"));
        Assert.Equal(part.Select(item => item.PixelSha256).Order(StringComparer.Ordinal), record.Pictures!);
        Assert.Equal((MerkleRoot.Compute(set.Items), 25), (record.Dataset.Root, record.Dataset.Count));
        Assert.Equal(Options with { Keep = record.Options.Keep }, record.Options);
        Assert.Equal(Options.Keep, record.Options.Keep);
    }

    [Fact]
    public void Training_on_all_pictures_writes_so()
    {
        var options = Options with { Part = null, PartSeed = 0, Steps = 2, LossWeight = LossWeight.ClippedSnr };
        new Trainer(() => new TinyUnet(3), _ => Set(25), options, 1).Train(
            Folder("all"),
            false,
            null,
            CancellationToken.None
        );
        var record = TrainingRecord.Read(Folder("all"));
        Assert.Null(record.Pictures);
        Assert.Equal(
            (null, LossWeight.ClippedSnr, 25),
            (record.Options.Part, record.Options.LossWeight, record.Dataset.Count)
        );
        Assert.Contains(
            "\"lossWeight\": \"ClippedSnr\"",
            File.ReadAllText(Path.Combine(Folder("all"), "training.json")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_interrupted_run_on_a_part_goes_on_to_the_same_weights_and_with_no_other_part()
    {
        Trainer(Options).Train(Folder("straight"), false, null, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(Options).Train(Folder("stopped"), false, new At(3, cancellation), cancellation.Token)
        );
        Assert.False(File.Exists(Path.Combine(Folder("stopped"), TrainingRecord.FileName)));

        foreach (
            var (options, word) in new[]
            {
                (Options with { PartSeed = 4 }, "PartSeed"),
                (Options with { Part = 0.6 }, "Part"),
                (Options with { Part = null }, "Part and PartSeed"),
            }
        )
            Assert.Contains(
                $"another {word};",
                Assert
                    .Throws<AuditException>(() =>
                        Trainer(options).Train(Folder("stopped"), false, null, CancellationToken.None)
                    )
                    .Message
            );

        Trainer(Options).Train(Folder("stopped"), false, null, CancellationToken.None);
        foreach (var file in new[] { "weights.safetensors", TrainingRecord.FileName })
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(Folder("straight"), file)),
                File.ReadAllBytes(Path.Combine(Folder("stopped"), file))
            );

        // Another part makes another model.
        Trainer(Options with { PartSeed = 4 }).Train(Folder("other"), false, null, CancellationToken.None);
        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(Folder("straight"), "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(Folder("other"), "weights.safetensors"))
        );
    }

    [Fact]
    public void A_setting_that_an_unfinished_training_does_not_know_yet_is_as_good_as_none()
    {
        using var model = new TinyUnet();
        using var state = new TrainingState(model, Options);
        var path = _folder["state"];
        state.Save(path, """{"Steps":8}""");
        state.Load(path, """{"Steps":8,"Part":null}""");
        Assert.Contains(
            "another Part;",
            Assert.Throws<AuditException>(() => state.Load(path, """{"Steps":8,"Part":0.5}""")).Message
        );
        Assert.Contains("another Steps;", Assert.Throws<AuditException>(() => state.Load(path, "{}")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(
        """{"schema":"das-audit/training-set/2","dataset":{"root":"a","count":1},"options":{},"pictures":null}"""
    )]
    [InlineData(
        """{"schema":"das-audit/training-set/1","dataset":{"root":"a","count":1},"options":{"part":0.5},"""
            + """ "pictures":null}"""
    )]
    [InlineData(
        """{"schema":"das-audit/training-set/1","dataset":{"root":"a","count":1},"options":{"part":0.5},"""
            + """ "pictures":[]}"""
    )]
    [InlineData("""{"schema":"das-audit/training-set/1","dataset":{"root":"a","count":1},"options":{}}""")]
    public void A_record_that_says_nothing_is_refused(string text)
    {
        Directory.CreateDirectory(Folder("bad"));
        File.WriteAllText(Path.Combine(Folder("bad"), TrainingRecord.FileName), text);
        var message = Assert.Throws<AuditException>(() => TrainingRecord.Read(Folder("bad"))).Message;
        Assert.Equal(
            $"'{Path.Combine(Folder("bad"), "training.json")}' does not say what its model was trained on; "
                + "remove that model, or train it again.",
            message
        );
    }

    private static Trainer Trainer(TrainingOptions options) => new(() => new TinyUnet(3), _ => Set(25), options, 1);

    private string Folder(string name) => _folder[name];

    private static TrainingSet Set(int count, int copies = 1, HashSet<int>? read = null)
    {
        var items = Enumerable
            .Range(0, count)
            .Select(i => new TrainingItem
            {
                Index = i,
                Path = $"{i:00}.png",
                Sha256 = (i / copies).ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
                PixelSha256 = (1000 - i / copies).ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
                Width = 8,
                Height = 8,
            })
            .ToList();
        return new(
            "memory",
            items,
            [],
            item =>
            {
                lock (items)
                    read?.Add(item.Index);
                return new Picture(
                    8,
                    8,
                    [.. Enumerable.Range(0, 8 * 8 * 3).Select(p => (byte)(p * (item.Index / copies + 1) * 7 % 256))]
                );
            }
        );
    }

    private sealed class At(int step, CancellationTokenSource cancellation) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Done == step)
                cancellation.Cancel();
        }
    }
}
