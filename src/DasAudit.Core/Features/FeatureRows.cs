using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Features;

/// <summary>
/// Puts the gradients of a picture's passes together: unit or raw, averaged over the timesteps of a noise draw or kept
/// apart; then projects them. Averages are projected once, since Pᵀ·Σ_t g_t/‖g_t‖ = Σ_t Pᵀg_t/‖g_t‖.
/// </summary>
/// <param name="functions">Names of the output functions, in the order of the gradients.</param>
internal sealed class FeatureRows(
    GradientOptions options,
    string[] functions,
    int timesteps,
    IProjection projection,
    int parameters
)
{
    /// <summary>Gradients kept apart that are projected at once.</summary>
    private const int Group = 8;

    private readonly FeatureKind[] _kinds = [.. options.Kinds];
    private readonly Dictionary<(FeatureKind Kind, int Replicate), float[]> _sums = [];
    private readonly List<float[]> _spare = [];
    private float[][][] _rows = [];
    private double[][] _errors = [];
    private double[][][] _norms = [];
    private double[][]?[] _targets = [];

    /// <summary>About how many bytes it uses when batches have at most so many rows.</summary>
    public long Bytes(int rows)
    {
        var averaged = _kinds.Count(kind => !kind.Apart) * Math.Clamp(rows / timesteps, 1, options.Replicates);
        var apart = _kinds.Any(kind => kind.Apart) ? Math.Min(Group, rows) : 0;
        return (averaged + apart) * (long)parameters * sizeof(float);
    }

    /// <summary>Bytes of a picture's features in float32.</summary>
    public long FeatureBytes =>
        _kinds.Sum(kind => kind.Rows(options.Replicates, timesteps)) * (long)projection.Dimension * sizeof(float);

    /// <summary>Forgets a picture that is not whole.</summary>
    public void Abandon()
    {
        _spare.AddRange(_sums.Values);
        _sums.Clear();
    }

    public void Start()
    {
        Abandon();
        _rows = [.. _kinds.Select(kind => new float[kind.Rows(options.Replicates, timesteps)][])];
        _errors = Grid();
        _norms = [.. functions.Select(_ => Grid())];
        _targets = new double[functions.Length][][];
    }

    public void Add(IBatchGradients gradients, BatchPlan plan)
    {
        for (var b = 0; b < gradients.SquaredErrors.Length; b++)
        {
            var (r, t) = plan.Pass(b);
            _errors[r][t] = gradients.SquaredErrors[b];
            foreach (var (f, norms) in gradients.Norms.Index())
                _norms[f][r][t] = norms[b];
            foreach (var (f, targets) in gradients.TangentTargets.Index())
            {
                if (targets is not null)
                    (_targets[f] ??= Grid())[r][t] = targets[b];
            }
        }

        foreach (var (k, kind) in _kinds.Index())
        {
            var function = Array.IndexOf(functions, kind.Function);
            var weights = Array.ConvertAll(gradients.Norms[function], norm => kind.Unit ? 1 / (norm + 1e-8) : 1);
            if (kind.Apart)
                ProjectApart(k, function, weights, gradients, plan);
            else
                AddAverage(kind, function, weights, gradients, plan);
        }

        if (plan.Timestep + plan.Timesteps == timesteps)
            ProjectAverages();
    }

    public PictureFeatures Finish() =>
        new()
        {
            Rows = _kinds.Zip(_rows).ToDictionary(pair => pair.First, pair => pair.Second),
            SquaredErrors = _errors,
            GradientNorms = functions.Zip(_norms).ToDictionary(pair => pair.First, pair => pair.Second),
            TangentTargets = functions
                .Zip(_targets)
                .Where(pair => pair.Second is not null)
                .ToDictionary(pair => pair.First, pair => pair.Second!),
        };

    private void AddAverage(FeatureKind kind, int function, double[] weights, IBatchGradients gradients, BatchPlan plan)
    {
        for (var r = plan.Replicate; r < plan.Replicate + plan.Replicates; r++)
        {
            if (!_sums.TryGetValue((kind, r), out var sum))
                _sums.Add((kind, r), sum = Take());
            gradients.AddWeightedSum(
                function,
                [.. weights.Select((weight, b) => plan.Pass(b).Replicate == r ? (float)(weight / timesteps) : 0)],
                sum
            );
        }
    }

    private void ProjectAverages()
    {
        var finished = _sums.ToList();
        var features = projection.Project([.. finished.Select(pair => pair.Value)]);
        foreach (var ((key, sum), feature) in finished.Zip(features))
        {
            _rows[Array.IndexOf(_kinds, key.Kind)][key.Replicate] = feature;
            _spare.Add(sum);
        }

        _sums.Clear();
    }

    private void ProjectApart(int kind, int function, double[] weights, IBatchGradients gradients, BatchPlan plan)
    {
        foreach (var group in Enumerable.Range(0, weights.Length).Chunk(Group))
        {
            var single = group.Select(_ => Take()).ToList();
            foreach (var (i, b) in group.Index())
            {
                var one = new float[weights.Length];
                one[b] = (float)weights[b];
                gradients.AddWeightedSum(function, one, single[i]);
            }

            foreach (var (b, feature) in group.Zip(projection.Project(single)))
                _rows[kind][plan.Pass(b).Replicate * timesteps + plan.Pass(b).Timestep] = feature;
            _spare.AddRange(single);
        }
    }

    // Arrays of millions of numbers are used again: making them anew costs as much as filling them.
    private float[] Take()
    {
        if (_spare.Count == 0)
            return new float[parameters];
        var taken = _spare[^1];
        _spare.RemoveAt(_spare.Count - 1);
        Array.Clear(taken);
        return taken;
    }

    private double[][] Grid() => [.. Enumerable.Range(0, options.Replicates).Select(_ => new double[timesteps])];
}
