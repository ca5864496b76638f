using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>Pictures of several shapes before one latent model.</summary>
public sealed class BucketTests : IDisposable
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 2,
        Replicates = 1,
        Parameters = "^conv_",
        Projection = new() { Kind = ProjectionKind.Rademacher, Dimension = 16 },
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void SDXL_is_told_the_size_of_the_bucket()
    {
        using var model = Load("sdxl-tiny");
        var picture = Keyed(model, 110, 60, ResizeMode.Bucket).Picture;

        var encoded = ((IConditioned)model).EncodeConditions([picture.Condition!]);

        Assert.Equal(new ImageShape(3, 24, 40), picture.Shape);
        Assert.Equal([60f, 110, 1, 0, 24, 40], encoded["time_ids"][0].data<float>().ToArray());
    }

    [Fact]
    public void Features_of_pictures_of_several_shapes_are_those_of_each_alone()
    {
        List<ModelPicture> pictures;
        using (var model = Load("sd-lora-tiny"))
            pictures =
            [
                Keyed(model, 100, 60, ResizeMode.Bucket).Picture,
                Keyed(model, 30, 90, ResizeMode.Bucket).Picture,
                Keyed(model, 32, 32, ResizeMode.Bucket).Picture,
            ];

        var together = Compute(pictures, workers: 2);

        Assert.Equal(3, pictures.Select(picture => picture.Shape).Distinct().Count());
        for (var i = 0; i < pictures.Count; i++)
            Assert.Equal(Compute([pictures[i]], workers: 1)[0].Output(), together[i].Output());
    }

    [Fact]
    public void A_picture_of_the_models_own_shape_has_the_features_that_it_has_without_buckets()
    {
        using var model = Load("sd-lora-tiny");
        var bucketed = Keyed(model, 32, 32, ResizeMode.Bucket);
        var cropped = Keyed(model, 32, 32, ResizeMode.Crop);

        Assert.NotEqual(cropped.Key, bucketed.Key);
        Assert.Equal(Compute([cropped.Picture], 1)[0].Output(), Compute([bucketed.Picture], 1)[0].Output());
    }

    [Fact]
    public void A_lora_is_trained_alike_by_any_number_of_threads()
    {
        using var folder = new TempFolder();
        Train(folder["one"], threads: 1);
        Train(folder["two"], threads: 2);

        var files = Directory.GetFiles(folder["one"], "*.safetensors");
        Assert.NotEmpty(files);
        Assert.All(
            files,
            file =>
                Assert.Equal(
                    File.ReadAllBytes(file),
                    File.ReadAllBytes(Path.Combine(folder["two"], Path.GetFileName(file)))
                )
        );
        Assert.Contains("\"bucket\"", File.ReadAllText(folder["one/training.json"]));
    }

    private static void Train(string folder, int threads)
    {
        var lora = new NewLora { Rank = 2, Alpha = 2 };
        var options = TrainingOptions.LoraDefaults with { Steps = 2, BatchSize = 3, Lora = lora };
        (int Width, int Height)[] sizes = [(100, 60), (30, 90), (32, 32)];
        var items = sizes.Select(
            (size, i) =>
                new TrainingItem
                {
                    Index = i,
                    Path = $"{i}.png",
                    Sha256 = new string((char)('a' + i), 64),
                    PixelSha256 = new string((char)('a' + i), 64),
                    Width = size.Width,
                    Height = size.Height,
                    Metadata = PictureMetadata.None with { Caption = "a cat" },
                }
        );
        var set = new TrainingSet(
            "memory",
            [.. items],
            [],
            item => TestPictures.Pattern(item.Index + 1, item.Width, item.Height)
        )
        {
            Resize = ResizeMode.Bucket,
        };
        new Trainer(
            () => LatentModelTests.Load("sd-lora-tiny", new() { NewLora = lora }),
            _ => set,
            options,
            threads
        ).Train(folder, false, null, CancellationToken.None);
    }

    private static IReadOnlyList<PictureFeatures> Compute(IReadOnlyList<ModelPicture> pictures, int workers) =>
        new FeatureEngine(new(() => Load("sd-lora-tiny")), Options, workers).Compute(
            pictures,
            null,
            CancellationToken.None
        );

    private static KeyedPicture Keyed(IDiffusionModel model, int width, int height, ResizeMode resize)
    {
        var picture = TestPictures.Pattern(1, width, height);
        return KeyedPicture.Of(model, "picture", new(picture, "", PixelHash.Compute(picture)), null, "a cat", resize);
    }

    private static IDiffusionModel Load(string name) => LatentModelTests.Load(name);
}
