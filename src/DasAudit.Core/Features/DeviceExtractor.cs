using System.Runtime.InteropServices;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Devices;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of many pictures at once, for devices that are fast on large batches alone. All batches have the same
/// number of rows, filled up where pictures run out, so that no other picture changes a bit of them. A noise draw of a
/// picture is never cut, unless it alone has more rows than a batch. Not thread-safe.
/// </summary>
internal sealed class DeviceExtractor : IModelWorker
{
    private readonly ModelCopy _copy;
    private readonly GradientOptions _options;
    private readonly AttributedParameters _parameters;
    private readonly IOutputFunction[] _functions;
    private readonly IProjection _projection;
    private readonly AutogradGradients _autograd;
    private readonly DeviceGradients _gradients;
    private readonly DrawBatches _draws;
    private readonly DrawFeatures _features;
    private bool _isPlaceChecked;
    private string? _placeNote;
    private string? _memoryNote;

    /// <summary>Takes over the copy: disposes it, and reduced precision changes it for good.</summary>
    /// <exception cref="LayerNotSupportedException">A layer has no rule; the copy stays the caller's.</exception>
    public DeviceExtractor(ModelCopy copy, GradientOptions options)
    {
        (_copy, _options) = (copy, options);
        var model = copy.Model;
        Batches = options.Batches(model);
        if (options.Precision.LayerType() is { } type)
            ReducedPrecision.Use(model.Network, type);
        _parameters = AttributedParameters.Select(
            model,
            options.Parameters,
            options.Metric,
            options.Projection.Logra,
            options.Seed,
            options.AttributedPart
        );
        _functions =
        [
            .. options
                .Kinds.Select(kind => kind.Function)
                .Distinct()
                .Select(name => OutputFunctions.Create(name, model.Process, options.Seed)),
        ];
        var blocks = LayerBlocks.Of(_parameters, options.Projection);
        _projection = options.Projection.Create(options.Seed, blocks, _parameters.Space.Count);
        _gradients = new(model, _parameters, _functions, _projection, options.Precision);
        _autograd = new(model, _parameters, _functions, options.Precision);
        _draws = new(Batches, Array.Exists(_functions, function => function is PictureProbeOutput));
        _features = new(options.Kinds, [.. _functions.Select(function => function.Name)]);
    }

    public NoisyBatches Batches { get; }

    /// <summary>Bytes of a picture's features in float32.</summary>
    public long FeatureBytes =>
        _options.Kinds.Sum(kind => kind.Rows(_options.Replicates, Batches.Timesteps.Length))
        * (long)_projection.Dimension
        * sizeof(float);

    /// <summary>How often results came to the processor.</summary>
    public int HostCopies => _features.HostCopies;

    /// <summary>Why the engine cannot be trusted with this model; null if it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>What a reader of the features should know of how they came about.</summary>
    public IReadOnlyList<string> Notes => [.. new[] { _placeNote, _memoryNote }.OfType<string>()];

    /// <summary>Whether it can project so.</summary>
    public static bool Supports(ProjectionOptions projection) =>
        projection.Kind is not (ProjectionKind.Rademacher or ProjectionKind.Gaussian);

    public BatchMemory Prepare(Condition? condition)
    {
        using var scope = NewDisposeScope();
        var noise = Batches.Noise(condition);
        Fault = DeviceCheck.Fault(_gradients, _autograd, _projection, _parameters, noise, _options.Precision);
        GC.Collect();
        var check = (_functions.Length + 4) * (long)_parameters.Space.Count * sizeof(float);
        var plans = 2L * sizeof(int) * _parameters.Space.Count;
        return BatchMemory.OnDevice(
            Batches.Model.Device(),
            Batches.Model.WeightBytes + Math.Max(check, plans),
            Math.Max(1, _gradients.BytesPerRow)
        );
    }

    /// <summary>The features of pictures, each handed out when it is whole.</summary>
    /// <param name="rows">Most rows of a batch.</param>
    public void Run(
        IReadOnlyList<ModelPicture> pictures,
        int rows,
        Action<int, PictureFeatures> done,
        CancellationToken cancellation
    )
    {
        using var reader = new PictureQueue(Batches.Model, pictures);
        var waiting = new Dictionary<string, List<Draw>>();
        while (reader.Next() is { } picture)
        {
            picture.Features = Assembly();
            if (!waiting.TryGetValue(picture.Shapes, out var draws))
                waiting.Add(picture.Shapes, draws = []);
            for (var r = 0; r < _options.Replicates; r++)
            {
                draws.Add(new(picture, r));
                if (draws.Count >= DrawsOfBatch(rows))
                    rows = Finish(draws, rows, done, cancellation);
            }
        }
        foreach (var draws in waiting.Values)
            if (draws.Count > 0)
                rows = Finish(draws, rows, done, cancellation);
    }

    /// <summary>Takes a batch of a blank picture; returns the part of a picture's passes that it was.</summary>
    public double RunBatch(Condition? condition, int rows)
    {
        using var scope = NewDisposeScope();
        using var blank = QueuedPicture.Blank(Batches.Model, condition);
        blank.Features = Assembly();
        var draws = Enumerable.Repeat(new Draw(blank, 0), DrawsOfBatch(rows)).ToList();
        var window = _draws.Windows(rows).First();
        _features.Take(draws, window, _gradients.Differentiate(_draws.Create(draws, window, rows)));
        return (double)(draws.Count * window.Timesteps) / (_options.Replicates * Batches.Timesteps.Length);
    }

    public void Dispose()
    {
        _draws.Dispose();
        _gradients.Dispose();
        _autograd.Dispose();
        _copy.Dispose();
    }

    private FeatureAssembly Assembly() =>
        new(_options, [.. _functions.Select(function => function.Name)], Batches.Timesteps.Length);

    private int DrawsOfBatch(int rows) => Math.Max(1, rows / Batches.Timesteps.Length);

    // Returns the rows that fit.
    private int Finish(List<Draw> draws, int rows, Action<int, PictureFeatures> done, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                foreach (var part in draws.Chunk(DrawsOfBatch(rows)))
                    RunDraws(part, rows, cancellation);
                break;
            }
            catch (ExternalException e) when (IsOutOfMemory(e) && rows > 1)
            {
                rows /= 2;
                _memoryNote =
                    $"The device's memory was too little for the batches that were planned; they have {rows} rows.";
            }
        }
        foreach (var draw in draws)
        {
            draw.Picture.Finished++;
            if (draw.Picture.Finished < _options.Replicates)
                continue;
            done(draw.Picture.Index, draw.Picture.Features!.Finish());
            draw.Picture.Dispose();
        }
        draws.Clear();
        return rows;
    }

    private void RunDraws(IReadOnlyList<Draw> draws, int rows, CancellationToken cancellation)
    {
        foreach (var window in _draws.Windows(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = _draws.Create(draws, window, rows);
            var sketched = _gradients.Differentiate(batch);
            if (_features.Take(draws, window, sketched) is { } row)
                throw Useless(batch, row.Row, row.Function, draws[row.Draw].Picture.Name);
            if (!_isPlaceChecked && draws.Count > 1)
                CheckPlaces(draws, window, rows, sketched);
        }
    }

    // Costs one more batch.
    private void CheckPlaces(IReadOnlyList<Draw> draws, DrawWindow window, int rows, SketchedBatch sketched)
    {
        var batch = _draws.Create([.. draws.Reverse()], window, rows);
        if (!PlaceCheck.HasSameBits(sketched, _gradients.Differentiate(batch), draws.Count, window))
            _placeNote =
                "On this device the last bits of a picture's features depend on the pictures that are computed with it "
                + "and on its place among them.";
        _isPlaceChecked = true;
    }

    private AuditException Useless(NoisyBatch batch, int row, int function, string picture)
    {
        var sample = batch.Row(row) with { Name = picture };
        // Names the parameter that is not finite.
        using var gradients = _autograd.Differentiate(sample);
        return UselessGradient.Zero(picture, sample.Passes[0], _functions[function].Name, _parameters);
    }

    private static bool IsOutOfMemory(ExternalException e) =>
        e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);
}
