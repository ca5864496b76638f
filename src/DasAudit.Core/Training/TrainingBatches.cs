using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// The pictures of each training step: every epoch runs through the training set, or a part of it, in its own order.
/// What a step sees depends on (seed, step, part) alone, so a resumed run goes on exactly where the interrupted one
/// stood. All parts are run through in one order, that of the set.
/// </summary>
/// <param name="batchSize">Pictures a step; an epoch's last step is filled up from the next epoch.</param>
/// <param name="part">The pictures of the set to train on, at least one; null for all.</param>
internal sealed class TrainingBatches(
    TrainingSet set,
    IDiffusionModel model,
    NoiseSource noise,
    int batchSize,
    IReadOnlyList<TrainingItem>? part = null
)
{
    private const long CacheBytes = 1L << 30;

    private readonly HashSet<int>? _part = part?.Select(item => item.Index).ToHashSet();
    private readonly Dictionary<int, float[]> _cache = [];
    private int _epoch = -1;
    private int[] _order = [];

    public TrainingSample[] Samples(int step)
    {
        var samples = new TrainingSample[batchSize];
        var count = _part?.Count ?? set.Items.Count;
        for (var i = 0; i < batchSize; i++)
        {
            var (epoch, place) = Math.DivRem((long)step * batchSize + i, count);
            var item = set.Items[Order((int)epoch)[place]];
            samples[i] = _part is null
                ? TrainingSample.OfPlace(item, step, i)
                : TrainingSample.OfPicture(item, (int)epoch);
        }

        return samples;
    }

    /// <summary>x₀ of a step before encoding, float32 [B, C, H, W] on the CPU; the caller disposes it.</summary>
    public Tensor Pictures(IReadOnlyList<TrainingSample> samples)
    {
        var shape = model.PictureShape;
        return tensor(
            samples.SelectMany(sample => Values(sample.Item)).ToArray(),
            [samples.Count, shape.Channels, shape.Height, shape.Width]
        );
    }

    private int[] Order(int epoch)
    {
        if (_epoch == epoch)
            return _order;
        var order = noise.Permutation(new(NoisePurpose.TrainingOrder, 0, epoch), set.Items.Count);
        _order = _part is null ? order : [.. order.Where(_part.Contains)];
        _epoch = epoch;
        return _order;
    }

    private float[] Values(TrainingItem item)
    {
        if (_cache.TryGetValue(item.Index, out var cached))
            return cached;
        var values = PictureTensor.ToValues(set.Read(item), model.PictureShape, set.Resize);
        if ((long)(_cache.Count + 1) * values.Length * sizeof(float) <= CacheBytes)
            _cache[item.Index] = values;
        return values;
    }
}
