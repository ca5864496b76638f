using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;

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
    NoiseSource noise,
    int batchSize,
    IReadOnlyList<TrainingItem>? part = null
)
{
    private readonly HashSet<int>? _part = part?.Select(item => item.Index).ToHashSet();
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

    private int[] Order(int epoch)
    {
        if (_epoch == epoch)
            return _order;
        var order = noise.Permutation(new(NoisePurpose.TrainingOrder, 0, epoch), set.Items.Count);
        _order = _part is null ? order : [.. order.Where(_part.Contains)];
        _epoch = epoch;
        return _order;
    }
}
