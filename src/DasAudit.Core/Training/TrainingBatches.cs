using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// The pictures of each training step: every epoch runs through the training set in its own order. What a step sees depends on (seed,
/// step) alone, so a resumed run goes on exactly where the interrupted one stood.
/// </summary>
internal sealed class TrainingBatches(TrainingSet set, IDiffusionModel model, NoiseSource noise, int batchSize)
{
    private const long CacheBytes = 1L << 30;

    private readonly Dictionary<int, float[]> _cache = [];
    private (int Epoch, int[] Order) _epoch = (-1, []);

    /// <summary>The pictures of a step.</summary>
    public TrainingItem[] Items(int step)
    {
        var items = new TrainingItem[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            var position = (long)step * batchSize + i;
            var epoch = (int)(position / set.Items.Count);
            if (_epoch.Epoch != epoch) _epoch = (epoch, noise.Permutation(new(NoisePurpose.TrainingOrder, 0, epoch), set.Items.Count));
            items[i] = set.Items[_epoch.Order[(int)(position % set.Items.Count)]];
        }

        return items;
    }

    /// <summary>x₀ of a step, float32 [B, C, H, W] on the CPU, before <see cref="IDiffusionModel.Encode"/>; the caller disposes it.</summary>
    public Tensor Pictures(IReadOnlyList<TrainingItem> items)
    {
        var shape = model.PictureShape;
        return tensor(items.SelectMany(Values).ToArray(), [items.Count, shape.Channels, shape.Height, shape.Width]);
    }

    private float[] Values(TrainingItem item)
    {
        if (_cache.TryGetValue(item.Index, out var cached)) return cached;
        var values = PictureTensor.ToValues(set.Read(item), model.PictureShape);
        if ((long)(_cache.Count + 1) * values.Length * sizeof(float) <= CacheBytes) _cache[item.Index] = values;
        return values;
    }
}
