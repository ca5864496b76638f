using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution;

/// <summary>One replicate of the features that a method looks at, one table for each checkpoint.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Cancellation">Stops between kernels.</param>
internal sealed record Replicate(
    int Number,
    MethodInputs Inputs,
    MethodOptions Options,
    IReadOnlyList<FeatureTable> Tables,
    CancellationToken Cancellation
)
{
    /// <summary>That of the last checkpoint.</summary>
    public FeatureTable Table => Tables[^1];

    /// <summary>The kernels of one kind: one for each checkpoint and, for a kind kept apart, each pass.</summary>
    public IEnumerable<KernelSource> KernelsOf(FeatureKind kind)
    {
        var another = Inputs.Another(Number);
        foreach (var table in Tables)
        {
            int[] rows = RowsOf(table, kind, Number);
            var recalled = another is null ? null : RowsOf(table, kind, another.Value);
            foreach (var (index, row) in rows.Index())
                yield return new(table, [kind], row) { RecalledRow = recalled?[index] };
        }
    }

    public int[] RowsOf(FeatureKind kind) => RowsOf(Table, kind, Number);

    private int[] RowsOf(FeatureTable table, FeatureKind kind, int number) =>
        kind.Apart ? [.. table.PassesOf(kind, number, Inputs.Replicates)] : [number];
}
