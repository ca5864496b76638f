namespace DasAudit.Core.Curvature;

/// <summary>What scores by curvature cost on this machine, measured on a little; wall-clock seconds.</summary>
/// <param name="StartSeconds">Before the first picture: loading and checking the model for each round.</param>
/// <param name="MemberSeconds">For each member that a worker sums, both rounds that fit H.</param>
/// <param name="EigenvectorSeconds">Once: the eigenvectors of all factors.</param>
/// <param name="GradientSeconds">For each query and each row: its gradients.</param>
/// <param name="SolveSeconds">For each query beside: H⁻¹ of its gradients.</param>
/// <param name="ProductSeconds">For each query and row.</param>
internal sealed record EkfacCost(
    double StartSeconds,
    double MemberSeconds,
    double EigenvectorSeconds,
    double GradientSeconds,
    double SolveSeconds,
    double ProductSeconds
)
{
    /// <summary>Workers that fit H.</summary>
    public required int Workers { get; init; }

    /// <summary>Bytes that workers and sums take while H is fitted.</summary>
    public required long FitBytes { get; init; }

    /// <summary>Bytes of H.</summary>
    public required long CurvatureBytes { get; init; }

    /// <summary>Bytes that the workers take while gradients are computed.</summary>
    public required long GradientBytes { get; init; }

    /// <summary>Bytes of a query's gradients.</summary>
    public required long QueryBytes { get; init; }

    /// <summary>See <see cref="EkfacEngine.QueryMemory"/>.</summary>
    public required long QueryMemory { get; init; }

    /// <summary>How many queries are scored while rows are gone through once.</summary>
    public static int Together(long memory, long queryBytes) =>
        (int)Math.Clamp(memory / Math.Max(1, queryBytes), 1, int.MaxValue);

    /// <summary>Seconds of one <see cref="EkfacEngine.Compute"/>.</summary>
    public double Seconds(int queries, int rows, int members) =>
        StartSeconds
        + OrderedSums.Longest(members, Workers) * MemberSeconds
        + EigenvectorSeconds
        + (queries + Rounds(queries) * rows) * GradientSeconds
        + queries * SolveSeconds
        + (double)queries * rows * ProductSeconds;

    /// <summary>Most bytes of one <see cref="EkfacEngine.Compute"/> beside the program itself.</summary>
    public long Bytes(int queries)
    {
        var held = Math.Min(queries, Together(QueryMemory, QueryBytes));
        return CurvatureBytes + Math.Max(FitBytes, GradientBytes + held * QueryBytes);
    }

    private double Rounds(int queries) => Math.Ceiling((double)queries / Together(QueryMemory, QueryBytes));
}
