using DasAudit.Core.Diffusion;
using DasAudit.Core.Features.Store;
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
    private readonly Dictionary<(int Picture, BatchPlan Plan), Tensor> _predictions = [];

    /// <summary>T-scaled timesteps of the errors.</summary>
    public IReadOnlyList<int> Timesteps { get; } = options.TimestepGrid(audited.Model.Process.TrainTimesteps);

    /// <summary>Rows of a batch.</summary>
    private int Rows { get; } = SimpleLoss.Memory(audited.Model).Fit(audited.Device.type, 1, memory).Rows;

    /// <summary>
    /// Computes the reference model's predictions, which are kept in memory; must have run before <see cref="Of"/>.
    /// </summary>
    public void Prepare(IDiffusionModel reference, CancellationToken cancellation)
    {
        foreach (var index in Enumerable.Range(0, pictures.Count))
            ForEach(reference, index, Keep, cancellation);

        void Keep(int picture, NoisyBatch batch, BatchPlan plan, Tensor prediction) =>
            _predictions[(picture, plan)] = prediction.cpu().DetachFromDisposeScope();
    }

    /// <summary>The errors under a model of the same architecture; any thread may call it.</summary>
    public QueryErrors Of(IDiffusionModel model, CancellationToken cancellation)
    {
        var losses = Zeros();
        var changes = Zeros();
        foreach (var index in Enumerable.Range(0, pictures.Count))
            ForEach(model, index, Add, cancellation);
        return new(losses, changes);

        void Add(int picture, NoisyBatch batch, BatchPlan plan, Tensor prediction)
        {
            var before = _predictions[(picture, plan)].to(prediction.device);
            AddMeans(losses[picture], (prediction - batch.Target).square(), batch, plan);
            AddMeans(changes[picture], (prediction - before).square(), batch, plan);
        }
    }

    public void Dispose()
    {
        foreach (var prediction in _predictions.Values)
            prediction.Dispose();
    }

    private void ForEach(
        IDiffusionModel model,
        int index,
        Action<int, NoisyBatch, BatchPlan, Tensor> run,
        CancellationToken cancellation
    )
    {
        using var noGradient = no_grad();
        var batches = options.Passes(model.Process.TrainTimesteps).Batches(model);
        batches.ForEach(pictures[index].Picture, Rows, Run, cancellation);

        void Run(NoisyBatch batch, BatchPlan plan) =>
            run(index, batch, plan, model.Predict(batch.Noisy, batch.Timesteps, batch.Condition));
    }

    private void AddMeans(double[] sums, Tensor squares, NoisyBatch batch, BatchPlan plan)
    {
        var means = batch.Mean(squares).to_type(float64).cpu().contiguous().data<double>();
        foreach (var row in Enumerable.Range(0, plan.Rows))
            sums[plan.Pass(row).Timestep] += means[row] / options.Draws;
    }

    private double[][] Zeros() => [.. pictures.Select(_ => new double[Timesteps.Count])];
}
