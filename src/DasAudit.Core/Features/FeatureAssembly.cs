namespace DasAudit.Core.Features;

/// <summary>The features of one picture while its noise draws are computed, in any order.</summary>
/// <param name="functions">Names of the output functions, in the order of the norms.</param>
/// <param name="timesteps">K.</param>
internal sealed class FeatureAssembly(GradientOptions options, string[] functions, int timesteps)
{
    private readonly float[][][] _rows =
    [
        .. options.Kinds.Select(kind => new float[kind.Rows(options.Replicates, timesteps)][]),
    ];
    private readonly double[][] _errors = Grid(options.Replicates, timesteps);
    private readonly double[][][] _norms = [.. functions.Select(_ => Grid(options.Replicates, timesteps))];
    private readonly double[][]?[] _targets = new double[functions.Length][][];

    /// <summary>What is a pass's alone.</summary>
    public void SetPass(int replicate, int timestep, double error, double[] norms, double?[] targets)
    {
        SetError(replicate, timestep, error);
        for (var f = 0; f < functions.Length; f++)
        {
            _norms[f][replicate][timestep] = norms[f];
            if (targets[f] is { } target)
                (_targets[f] ??= Grid(options.Replicates, timesteps))[replicate][timestep] = target;
        }
    }

    /// <summary>(1/d)·‖ε̂ − y‖² of a pass that is not differentiated.</summary>
    public void SetError(int replicate, int timestep, double error) => _errors[replicate][timestep] = error;

    /// <summary>Adds some timesteps' part of the feature of a noise draw.</summary>
    /// <param name="kind">Its place among those of the options.</param>
    public void AddAverage(int kind, int replicate, ReadOnlySpan<double> values, bool isFirst)
    {
        if (isFirst)
            _rows[kind][replicate] = new float[values.Length];
        var sum = _rows[kind][replicate];
        for (var i = 0; i < sum.Length; i++)
            sum[i] += (float)values[i];
    }

    /// <summary>The feature of a pass that is kept apart.</summary>
    public void SetApart(int kind, int replicate, int timestep, float[] values) =>
        _rows[kind][replicate * timesteps + timestep] = values;

    public PictureFeatures Finish() =>
        new()
        {
            Rows = options.Kinds.Zip(_rows).ToDictionary(pair => pair.First, pair => pair.Second),
            SquaredErrors = _errors,
            GradientNorms = functions.Zip(_norms).ToDictionary(pair => pair.First, pair => pair.Second),
            TangentTargets = functions
                .Zip(_targets)
                .Where(pair => pair.Second is not null)
                .ToDictionary(pair => pair.First, pair => pair.Second!),
        };

    private static double[][] Grid(int replicates, int timesteps) =>
        [.. Enumerable.Range(0, replicates).Select(_ => new double[timesteps])];
}
