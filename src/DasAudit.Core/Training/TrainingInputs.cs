using System.Collections.Concurrent;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// What the network is trained on: pictures in the space that it denoises, and encoded conditions. Each is computed
/// once, by itself, and kept while there is room, so that a training step encodes nothing again.
/// </summary>
/// <param name="shapes">Of the pictures that the model encodes.</param>
internal sealed class TrainingInputs(TrainingSet set, PictureShapes shapes) : IDisposable
{
    private const long Room = 1L << 30;

    /// <summary>How pictures are made one of the model's size.</summary>
    public ResizeMode Resize => set.Resize;

    private readonly ConcurrentDictionary<int, float[]> _clean = [];
    private readonly ConcurrentDictionary<Condition, ConditionTensors> _conditions = [];
    private long _used;

    /// <summary>The pictures of some samples as a model takes them; null for those that are encoded already.</summary>
    public IReadOnlyList<float[]?> Read(IReadOnlyList<TrainingSample> samples) =>
        [
            .. samples.Select(sample =>
                _clean.ContainsKey(sample.Item.Index)
                    ? null
                    : PictureTensor.ToValues(set.Read(sample.Item), ShapeOf(sample.Item), set.Resize)
            ),
        ];

    /// <summary>
    /// x₀ of some samples of one shape, float32 [S, C, H, W] on the model's device, in the caller's dispose scope.
    /// </summary>
    /// <param name="model">A copy of the model that no other thread uses.</param>
    /// <param name="pictures">As <see cref="Read"/> gave them.</param>
    public Tensor Clean(IDiffusionModel model, IReadOnlyList<TrainingSample> samples, IReadOnlyList<float[]?> pictures)
    {
        var (shape, picture, latents) = (ShapeOf(samples[0].Item), model.PictureShape, model.SampleShape);
        var height = shape.Height * latents.Height / picture.Height;
        var width = shape.Width * latents.Width / picture.Width;
        var length = latents.Channels * height * width;
        var values = new float[samples.Count * length];
        foreach (var (i, (sample, read)) in samples.Zip(pictures).Index())
            Clean(model, sample.Item, read).CopyTo(values, i * length);
        return tensor(values, [samples.Count, latents.Channels, height, width]).UploadTo(model.Device());
    }

    /// <summary>The encoded conditions, in the caller's dispose scope; null for an unconditional model.</summary>
    /// <param name="model">A copy of the model that no other thread uses.</param>
    public ConditionTensors? Conditions(IDiffusionModel model, IReadOnlyList<Condition> conditions)
    {
        if (model is not IConditioned conditioned)
            return null;
        var encoded = new List<ConditionTensors>();
        foreach (var condition in conditions)
        {
            var one = _conditions.GetValueOrDefault(condition) ?? conditioned.EncodeConditions([condition]);
            // What depends on trained parameters is another after each step.
            if (!one.Names.Any(name => one[name].requires_grad))
                Keep(condition, one);
            encoded.Add(one);
        }
        return new(encoded[0].Names.Select(name => (name, cat([.. encoded.Select(one => one[name])]))));
    }

    public void Dispose()
    {
        foreach (var condition in _conditions.Values)
            condition.Dispose();
    }

    private ImageShape ShapeOf(TrainingItem item) => shapes.Of(item.Width, item.Height);

    private float[] Clean(IDiffusionModel model, TrainingItem item, float[]? picture)
    {
        if (_clean.TryGetValue(item.Index, out var kept))
            return kept;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var shape = ShapeOf(item);
        var pixels = tensor(picture!, [1, shape.Channels, shape.Height, shape.Width]);
        var clean = model.Encode(pixels.to(model.Device())).cpu().contiguous().data<float>().ToArray();
        if (TakeRoom((long)clean.Length * sizeof(float)))
            _clean[item.Index] = clean;
        return clean;
    }

    private void Keep(Condition condition, ConditionTensors encoded)
    {
        if (_conditions.ContainsKey(condition))
            return;
        if (!TakeRoom(encoded.Names.Sum(name => encoded[name].numel() * encoded[name].ElementSize)))
            return;
        var kept = encoded.Select(tensor => tensor.detach().clone().DetachFromDisposeScope());
        if (!_conditions.TryAdd(condition, kept))
            kept.Dispose();
    }

    private bool TakeRoom(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= Room)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }
}
