using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>Computes losses of pictures under models, and how far predictions are from a reference model's.</summary>
/// <param name="audited">The audited model, whose architecture all have.</param>
internal sealed class QueryErrorEngine(
    AuditedModel audited,
    TruthOptions options,
    IReadOnlyList<KeyedPicture> pictures,
    long? memory
) : IDisposable
{
    private readonly ModelPicture[] _pictures = [.. pictures.Select(picture => picture.Picture)];
    private readonly Dictionary<PicturePass, Tensor> _predictions = [];

    /// <summary>T-scaled timesteps of the errors.</summary>
    public IReadOnlyList<int> Timesteps { get; } = options.TimestepGrid(audited.Model.Process.TrainTimesteps);

    /// <summary>See <see cref="PicturePredictions.Progress"/>.</summary>
    public IProgress<StageProgress>? Progress { get; init; }

    /// <summary>Rows of a batch.</summary>
    private int Rows { get; } = PicturePredictions.Memory(audited.Model).Fit(audited.Device.type, 1, memory).Rows;

    /// <summary>
    /// Computes the reference model's predictions, which are kept in memory; must have run before <see cref="Of"/>.
    /// </summary>
    public void Prepare(IDiffusionModel reference, CancellationToken cancellation)
    {
        Predictions(reference).ForEach(_pictures, Keep, cancellation);

        void Keep(PredictedBatch batch)
        {
            var rows = batch.Prediction.cpu().unbind();
            foreach (var (pass, row) in batch.Rows.Zip(rows))
            {
                // A pass may be taken again.
                if (_predictions.Remove(pass, out var earlier))
                    earlier.Dispose();
                _predictions.Add(pass, row.DetachFromDisposeScope());
            }
        }
    }

    /// <summary>The errors under a model of the same architecture; any thread may call it.</summary>
    public QueryErrors Of(IDiffusionModel model, CancellationToken cancellation)
    {
        var losses = Zeros();
        var changes = Zeros();
        Predictions(model).ForEach(_pictures, Set, cancellation);
        return new(Means(losses), Means(changes));

        void Set(PredictedBatch batch)
        {
            var before = stack(batch.Rows.Select(pass => _predictions[pass])).to(batch.Prediction.device);
            SetAll(losses, batch.Rows, batch.MeanSquares(batch.Prediction - batch.Noisy.Target));
            SetAll(changes, batch.Rows, batch.MeanSquares(batch.Prediction - before));
        }
    }

    public void Dispose()
    {
        foreach (var prediction in _predictions.Values)
            prediction.Dispose();
    }

    private PicturePredictions Predictions(IDiffusionModel model) =>
        new(model, options.Passes(model.Process.TrainTimesteps), Rows) { Progress = Progress };

    private static void SetAll(double[][][] values, IReadOnlyList<PicturePass> passes, double[] means)
    {
        foreach (var (pass, mean) in passes.Zip(means))
            values[pass.Picture][pass.Timestep][pass.Replicate] = mean;
    }

    // [picture][timestep], of [picture][timestep][draw].
    private double[][] Means(double[][][] values) =>
        [.. values.Select(ofPicture => ofPicture.Select(draws => draws.Sum(value => value / options.Draws)).ToArray())];

    private double[][][] Zeros() =>
        [.. pictures.Select(_ => Timesteps.Select(_ => new double[options.Draws]).ToArray())];
}
