using DasAudit.Core.Attribution;
using DasAudit.Core.Features;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Testing;

/// <summary>Random numbers and inputs of methods that look at other things than gradients.</summary>
internal static class Tables
{
    internal static float[] Normal(int key, int length) => RandomNumbers.Normal(key, length);

    internal static List<float[]> Normals(int key, int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => Normal(1000 * key + i, length))];

    internal static MethodInputs Inputs(int members, int rows, int queries, int replicates = 1) =>
        new()
        {
            Members = members,
            Scored = rows,
            Queries = queries,
            Replicates = replicates,
        };

    internal static MethodInputs OfPixels(
        IReadOnlyList<float[]> queries,
        IReadOnlyList<float[]> rows,
        int? members = null
    ) => Inputs(members ?? rows.Count, rows.Count, queries.Count) with { Pixels = new(queries, rows) };

    /// <summary>Pictures with the rows of one kind.</summary>
    internal static PictureFeatures Picture(FeatureKind kind, params float[][] rows) =>
        new()
        {
            Rows = new Dictionary<FeatureKind, float[][]> { [kind] = rows },
            SquaredErrors = [],
            GradientNorms = new Dictionary<string, double[][]>(),
        };

    internal static Matrix<double> Matrix(IReadOnlyList<float[]> rows) =>
        Matrix<double>.Build.Dense(rows.Count, rows[0].Length, (i, j) => rows[i][j]);

    internal static MethodScores Score(
        this IAttributionMethod method,
        MethodInputs inputs,
        MethodOptions? options = null
    ) => method.Score(inputs, options ?? new(), TestContext.Current.CancellationToken);

    internal static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Count, actual.Count);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], tolerance * scale);
    }
}
