namespace DasAudit.Core.Attribution;

/// <summary>A method that compares features of gradients by a formula for one replicate.</summary>
internal abstract class FeatureMethod : IAttributionMethod
{
    public abstract MethodDescription Description { get; }
    public abstract MethodNeeds Needs { get; }

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var tables = Tables(inputs);
        return ScoreSheet.Fill(
            inputs,
            options,
            CountScores(inputs.Replicates),
            (sheet, number) => Score(new(number, inputs, options, tables, cancellation), sheet),
            cancellation
        );
    }

    /// <summary>The features of each checkpoint that the method looks at.</summary>
    protected virtual IReadOnlyList<FeatureTable> Tables(MethodInputs inputs)
    {
        var need = Needs.Features[0];
        var tables = inputs.Tables(need.Name);
        return need.Checkpoints == CheckpointChoice.All ? tables : [tables[^1]];
    }

    /// <summary>How many independent scores some noise draws give. Default one each.</summary>
    protected virtual int CountScores(int replicates) => replicates;

    protected abstract void Score(Replicate replicate, ScoreSheet sheet);
}
