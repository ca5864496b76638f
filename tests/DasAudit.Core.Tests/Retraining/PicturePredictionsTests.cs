using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Tests.Retraining;

public sealed class PicturePredictionsTests
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 5,
        Replicates = 3,
        Seed = 9,
    };

    private static readonly ModelPicture[] Pictures =
    [
        .. Enumerable.Range(0, 5).Select(i => new ModelPicture($"{i}.png", () => Tables.Normal(40 + i, 192))),
    ];

    [Theory]
    [InlineData(32)]
    [InlineData(5)]
    [InlineData(3)]
    public void Batches_of_many_pictures_give_the_same_passes(int rows)
    {
        using var model = new TinyUnet();
        var alone = Collect(new(model, Options, 32) { TakesManyPictures = false }, Pictures);
        var together = Collect(new(model, Options, rows) { TakesManyPictures = true }, Pictures);

        Assert.Equal(5 * 3 * 5, alone.Count);
        Assert.Equal(alone.Keys.Order(Order), together.Keys.Order(Order));
        foreach (var (pass, expected) in alone)
            Tables.Close(
                [.. expected.Select(value => (double)value)],
                [.. together[pass].Select(value => (double)value)],
                1e-5
            );
    }

    [Fact]
    public void Losses_are_means_over_all_passes_whatever_the_memory()
    {
        using var model = new TinyUnet();
        using var limited = new LimitedModel(12);
        var alone = Losses(new(model, Options, 32) { TakesManyPictures = false });

        Tables.Close(alone, Losses(new(model, Options, 32) { TakesManyPictures = true }), 1e-6);
        var notices = new Notices();
        var halved = new PicturePredictions(limited, Options, 32) { TakesManyPictures = true, Progress = notices };
        Tables.Close(alone, Losses(halved), 1e-6);
        Assert.Contains("they have 8 rows", Assert.Single(notices.Heard));
        Assert.Equal(5, alone.Distinct().Count());

        static double[] Losses(PicturePredictions predictions) =>
            SimpleLoss.Of(predictions, Pictures, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void As_many_pictures_as_fill_a_batch_cost_the_least_each()
    {
        using var model = new TinyUnet();
        Assert.Equal(1, new PicturePredictions(model, Options, 64) { TakesManyPictures = false }.Together);
        Assert.Equal(4, new PicturePredictions(model, Options, 64) { TakesManyPictures = true }.Together);
        Assert.Equal(1, new PicturePredictions(model, Options, 8) { TakesManyPictures = true }.Together);
    }

    private static Comparer<PicturePass> Order { get; } =
        Comparer<PicturePass>.Create(
            (a, b) => (a.Picture, a.Replicate, a.Timestep).CompareTo((b.Picture, b.Replicate, b.Timestep))
        );

    private static Dictionary<PicturePass, float[]> Collect(PicturePredictions predictions, ModelPicture[] pictures)
    {
        var all = new Dictionary<PicturePass, float[]>();
        predictions.ForEach(
            pictures,
            batch =>
            {
                foreach (var (row, pass) in batch.Rows.Index())
                    all[pass] = [.. (batch.Prediction[row] - batch.Noisy.Target[row]).contiguous().data<float>()];
            },
            TestContext.Current.CancellationToken
        );
        return all;
    }
}
