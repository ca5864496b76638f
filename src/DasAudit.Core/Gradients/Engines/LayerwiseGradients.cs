using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// Per-sample gradients of a whole batch from one forward pass and one backward pass for each output function. No
/// weight requires gradients, so none are summed over the batch. <see cref="RecordedCalls"/> keep each layer's input,
/// and its output passes a <see cref="GradientProbe"/>. When the last backward pass reaches the probe, the layer's rule
/// forms the gradients of all functions at once. An <see cref="IBackwardRule"/> replaces a layer's own backward pass.
/// </summary>
internal sealed class LayerwiseGradients : ISampleGradients
{
    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly IReadOnlyList<IOutputFunction> _functions;
    private readonly RecordedCalls _calls;
    private readonly HookedLayers _layers;
    private long? _passiveBytesPerRow;

    public LayerwiseGradients(
        IDiffusionModel model,
        AttributedParameters parameters,
        IReadOnlyList<IOutputFunction> functions,
        GradientPrecision precision = GradientPrecision.Full
    )
    {
        _model = model;
        _parameters = parameters;
        _functions = functions;
        _calls = new(functions, precision.Scale());
        _layers = HookedLayers.Attach(model.Network, parameters, functions, _calls.Add);
    }

    /// <summary>About what one more row of the last batch would have taken, in bytes.</summary>
    public long BytesPerRow { get; private set; }

    /// <exception cref="LayerNotSupportedException">A call is unlike the first batch's, or has no rule.</exception>
    public IBatchGradients Differentiate(NoisyBatch batch)
    {
        using var scope = NewDisposeScope();
        try
        {
            var prediction = _passiveBytesPerRow is null ? RunFirstPasses(batch) : RunPasses(batch);
            // Half as much again for what lies between the layers, such as activations and sums.
            BytesPerRow = (_calls.Bytes * 3 / 2 + GradientBytes()) / batch.Rows + _passiveBytesPerRow!.Value * 3 / 2;
            return new Batch(
                this,
                SquaredErrors(prediction, batch),
                [.. Enumerable.Range(0, _functions.Count).Select(f => Norms(f, batch))],
                [.. Enumerable.Range(0, _functions.Count).Select(f => TangentTargets(f, prediction, batch))]
            );
        }
        catch
        {
            Clear();
            throw;
        }
    }

    public void Dispose()
    {
        Clear();
        _layers.Dispose();
    }

    // What the first batch takes in layers that are not attributed is of the same size for every row of all batches.
    private Tensor RunFirstPasses(NoisyBatch batch)
    {
        using var passive = new PassiveLayers(_model.Network, _parameters);
        var prediction = RunPasses(batch);
        _passiveBytesPerRow = passive.Bytes / batch.Rows;
        return prediction;
    }

    /// <summary>Forms all gradients of a batch and returns the prediction.</summary>
    private Tensor RunPasses(NoisyBatch batch)
    {
        _parameters.RequireGradients(false);
        using var gradients = enable_grad();
        var prediction = _calls.Record(
            () => _model.Predict(batch.Noisy, batch.Timesteps, batch.Condition),
            batch.Rows,
            _parameters.Tensors[0].device
        );
        for (var f = 0; f < _functions.Count; f++)
            _calls.Backward(f, _functions[f].Of(prediction, batch).sum());
        _calls.Complete();
        return prediction.detach();
    }

    private static double[] SquaredErrors(Tensor prediction, NoisyBatch batch)
    {
        using var noGradients = no_grad();
        var errors = (prediction - batch.Target).square().flatten(1).mean([1]);
        return [.. errors.cpu().data<float>().Select(error => (double)error)];
    }

    private double[]? TangentTargets(int function, Tensor prediction, NoisyBatch batch)
    {
        if (!_functions[function].HasTangentTarget)
            return null;
        var rest = TangentTarget.Rest(_functions[function], prediction, batch);
        return [.. (rest + _layers.Products(function, rest)).cpu().data<double>()];
    }

    private long GradientBytes()
    {
        var bytes = 0L;
        for (var f = 0; f < _functions.Count; f++)
            bytes += _layers.Gradients(f).Sum(parameter => parameter.Gradients.Bytes);
        return bytes;
    }

    private double[] Norms(int function, NoisyBatch batch)
    {
        var squares = new double[batch.Rows];
        var culprits = Enumerable.Repeat(int.MaxValue, batch.Rows).ToArray();
        foreach (var (position, gradients) in _layers.Gradients(function))
        {
            for (var b = 0; b < squares.Length; b++)
            {
                var square = gradients.SquaredNorms[b];
                squares[b] += square;
                if (!double.IsFinite(square))
                    culprits[b] = Math.Min(culprits[b], position);
            }
        }

        var row = Array.FindIndex(culprits, culprit => culprit < int.MaxValue);
        if (row >= 0)
            throw UselessGradient.NotFinite(batch.Name, batch.Passes[row], _parameters.Names[culprits[row]]);
        return Array.ConvertAll(squares, Math.Sqrt);
    }

    private void Clear()
    {
        _calls.Clear();
        _layers.Clear();
    }

    /// <summary>The gradients that the layers hold until the next batch.</summary>
    private sealed class Batch(
        LayerwiseGradients engine,
        double[] squaredErrors,
        double[][] norms,
        double[]?[] tangentTargets
    ) : IBatchGradients
    {
        public double[] SquaredErrors => squaredErrors;

        public double[][] Norms => norms;

        public double[]?[] TangentTargets => tangentTargets;

        public void AddWeightedSum(int function, float[] weights, float[] sum)
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            foreach (var (position, gradients) in engine._layers.Gradients(function))
                gradients.AddWeightedSum(weights, engine._parameters.Space.Part(sum, position));
        }

        public void Dispose() => engine.Clear();
    }
}
