using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>
/// Inner products of the residuals of M models, for each query: G[m, m′] = mean over passes and outputs of
/// (ε̂_m − y)·(ε̂_m′ − y). Whatever a weighted mean of the models makes of the query follows from it: wᵀ·G·w is its
/// simple loss where the weights sum to 1, and the mean squared change of its prediction where they sum to 0.
/// </summary>
/// <param name="audited">The audited model, whose architecture all have.</param>
internal sealed class ResidualGrams(
    StudyModels models,
    AuditedModel audited,
    TruthOptions options,
    IReadOnlyList<KeyedPicture> queries,
    int workers
)
{
    // What the residuals of some queries may take at once.
    private const long MostBytes = 512L << 20;

    private readonly int _rows = PicturePredictions
        .Memory(audited.Model)
        .Fit(audited.Device.type, 1, budget: null)
        .Rows;

    /// <summary>The Gram matrices, [query][m, m′].</summary>
    public IReadOnlyList<double[,]> Of(
        IReadOnlyList<RetrainingJob> jobs,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var passes = options.Timesteps * options.Draws;
        var bytes = (long)jobs.Count * passes * audited.Model.SampleShape.Length * sizeof(float);
        var grams = new List<double[,]>();
        foreach (var some in queries.Chunk((int)Math.Clamp(MostBytes / bytes, 1, queries.Count)))
        {
            grams.AddRange(Of(jobs, some, progress, cancellation));
            progress?.Report(new("comparing members", grams.Count, queries.Count));
        }

        return grams;
    }

    private IEnumerable<double[,]> Of(
        IReadOnlyList<RetrainingJob> jobs,
        IReadOnlyList<KeyedPicture> some,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var residuals = new float[jobs.Count][][];
        Workers.Run(
            NewDisposeScope,
            Workers.On(audited.Device.type, workers),
            jobs.Count,
            (_, m) => residuals[m] = Residuals(jobs[m], some, progress, cancellation)
        );
        return Enumerable.Range(0, some.Count).Select(q => Gram([.. residuals.Select(ofModel => ofModel[q])]));
    }

    // [query][pass and output]
    private float[][] Residuals(
        RetrainingJob job,
        IReadOnlyList<KeyedPicture> some,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var model = models.Load(job);
        var passesOfModel = options.Passes(model.Process.TrainTimesteps);
        var predictions = new PicturePredictions(model, passesOfModel, _rows) { Progress = progress };
        var passes = predictions.Timesteps * predictions.Replicates;
        var residuals = new float[some.Count][];
        predictions.ForEach([.. some.Select(query => query.Picture)], Set, cancellation);
        return residuals;

        void Set(PredictedBatch batch)
        {
            var values = (batch.Prediction - batch.Noisy.Target).cpu().contiguous().data<float>().ToArray();
            var length = values.Length / batch.Rows.Count;
            foreach (var (row, pass) in batch.Rows.Index())
            {
                residuals[pass.Picture] ??= new float[passes * length];
                var start = (pass.Replicate * predictions.Timesteps + pass.Timestep) * length;
                Array.Copy(values, row * length, residuals[pass.Picture], start, length);
            }
        }
    }

    private static double[,] Gram(float[][] residuals)
    {
        using var scope = NewDisposeScope();
        var rows = stack(residuals.Select(values => tensor(values))).to_type(float64);
        var gram = rows.matmul(rows.t()) / rows.shape[1];
        var matrix = new double[residuals.Length, residuals.Length];
        Buffer.BlockCopy(gram.contiguous().data<double>().ToArray(), 0, matrix, 0, Buffer.ByteLength(matrix));
        return matrix;
    }
}
