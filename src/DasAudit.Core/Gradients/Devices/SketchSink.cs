using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>
/// Forms squared norms and sketches of gradients as they arrive, and lets go of them. Small parameters are sketched
/// together: a device takes about as long for one operation on few numbers as for one on many.
/// </summary>
internal sealed class SketchSink(AttributedParameters parameters, int functions, IProjection projection)
    : IGradientSink,
        IDisposable
{
    // Coordinates up to which a parameter waits for others.
    private const int Small = 1 << 14;
    private const int Together = 1 << 17;

    // Values whose squares are added up in float32.
    private const long Piece = 256;

    // Numbers of float64 that a device reads at once.
    private const long Aligned = 4;

    private readonly Dictionary<string, SketchPlan> _plans = [];
    private readonly EmbeddingBags _sums = new();
    private readonly Tensor?[] _squares = new Tensor?[functions];
    private readonly Tensor?[] _sketches = new Tensor?[functions];
    private readonly List<(int Position, DenseGradients Gradients)>[] _waiting =
    [
        .. Enumerable.Range(0, functions).Select(_ => new List<(int, DenseGradients)>()),
    ];
    private long _largest;

    /// <summary>Bytes that gradients and sketches of a row take at once.</summary>
    // Of the largest parameter: its gradients by each function, and two copies of one of them.
    public long BytesPerRow =>
        sizeof(float) * ((functions + 2) * Math.Max(_largest, Together) + functions * (long)projection.Dimension);

    public void Start(int rows)
    {
        Clear();
        var device = parameters.Tensors[0].device;
        for (var f = 0; f < functions; f++)
        {
            _squares[f] = zeros(rows, dtype: float64, device: device).DetachFromDisposeScope();
            _sketches[f] = zeros([projection.Dimension, rows], device: device).DetachFromDisposeScope();
        }
    }

    public void Take(int function, int position, ParameterGradients gradients)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var dense = gradients.ToDense();
        var coordinates = dense.Rows.shape[1];
        _largest = Math.Max(_largest, coordinates);
        _waiting[function].Add((position, dense));
        if (coordinates > Small || _waiting[function].Sum(waiting => waiting.Gradients.Rows.shape[1]) > Together)
            SketchWaiting(function);
    }

    /// <summary>‖g‖ of each row, float64 [B], in the caller's dispose scope.</summary>
    public Tensor Norms(int function)
    {
        SketchWaiting(function);
        return _squares[function]!.sqrt();
    }

    /// <summary>Pᵀg of each row, float32 [k, B], in the caller's dispose scope.</summary>
    public Tensor Sketch(int function)
    {
        SketchWaiting(function);
        return _sketches[function]!.alias();
    }

    public void Clear()
    {
        Array.ForEach(_squares, tensor => tensor?.Dispose());
        Array.ForEach(_sketches, tensor => tensor?.Dispose());
        Array.Clear(_squares);
        Array.Clear(_sketches);
        foreach (var waiting in _waiting)
        {
            waiting.ForEach(parameter => parameter.Gradients.Dispose());
            waiting.Clear();
        }
    }

    public void Dispose()
    {
        Clear();
        foreach (var plan in _plans.Values)
            plan.Dispose();
        _sums.Dispose();
    }

    private void SketchWaiting(int function)
    {
        var waiting = _waiting[function];
        if (waiting.Count == 0)
            return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var rows = waiting.ConvertAll(parameter => parameter.Gradients.Rows);
        var values = rows.Count == 1 ? rows[0] : cat(rows, 1);
        _squares[function]!.add_(SquaredNorms(values));
        PlanOf(waiting).Add(values, _sketches[function]!);
        waiting.ForEach(parameter => parameter.Gradients.Dispose());
        waiting.Clear();
    }

    // Of each row, float64 [B]. Pieces of one length keep float32 exact enough. Pieces and rows of them begin where a
    // device sums all in one order, so that a picture's place in a batch changes no bit.
    private static Tensor SquaredNorms(Tensor values)
    {
        var pieces = WholeParts(values, Piece).view(values.shape[0], -1, Piece);
        var norms = linalg.vector_norm(pieces, 2, [2]).to_type(float64);
        return WholeParts(norms, Aligned).square().sum([1L]);
    }

    // With zeros after each row, up to whole parts.
    private static Tensor WholeParts(Tensor rows, long part)
    {
        var beyond = rows.shape[1] % part;
        return beyond == 0 ? rows : nn.functional.pad(rows, [0, part - beyond]);
    }

    private SketchPlan PlanOf(List<(int Position, DenseGradients Gradients)> waiting)
    {
        var key = string.Join(',', waiting.Select(parameter => parameter.Position));
        if (!_plans.TryGetValue(key, out var plan))
        {
            var parts = waiting.ConvertAll(parameter => new SketchedPart(
                projection.PartFrom(parameters.Space.Offsets[parameter.Position])!,
                (int)parameter.Gradients.Rows.shape[1],
                parameter.Gradients.KernelLength,
                (int)parameters.Tensors[parameter.Position].shape[0]
            ));
            plan = new(parts, parameters.Tensors[0].device, _sums);
            _plans.Add(key, plan);
        }
        return plan;
    }
}
