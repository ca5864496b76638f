using System.Collections;
using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of several pictures under the same settings, in memory or in a store. They are read one row of a kind at a
/// time, so that features of more pictures than memory holds can be worked with.
/// </summary>
internal abstract class FeatureSet : IReadOnlyList<PictureFeatures>
{
    public abstract int Count { get; }

    public abstract PictureFeatures this[int index] { get; }

    /// <summary>A set of features in memory, or the set itself where it is one already.</summary>
    public static FeatureSet Of(IReadOnlyList<PictureFeatures> pictures) =>
        pictures as FeatureSet ?? new ComputedFeatures(pictures);

    /// <summary>How many rows of a kind each picture has; 0 if the kind is not there.</summary>
    public abstract int RowsOf(FeatureKind kind);

    /// <summary>One row of a kind of all pictures: a noise draw's, or a pass's of a kind kept apart.</summary>
    public abstract IFeatureBlocks Blocks(FeatureKind kind, int row);

    /// <summary>The pictures at some positions, from 0.</summary>
    public abstract FeatureSet Take(IEnumerable<int> pictures);

    /// <summary>(1/d)·‖ε̂ − y‖² of each picture at each timestep of a noise draw, [n][K].</summary>
    public abstract double[][] SquaredErrors(int replicate);

    /// <summary>‖g_t‖ of a function for each picture and timestep of a noise draw, [n][K].</summary>
    public abstract double[][] GradientNorms(string function, int replicate);

    /// <summary>vᵀỹ_t of each picture and timestep of a noise draw, [n][K]; null for a function without.</summary>
    public abstract double[][]? TangentTargets(string function, int replicate);

    /// <summary>One row of a kind of all pictures, float64 [n, k] in the caller's dispose scope.</summary>
    public Tensor Matrix(FeatureKind kind, int row)
    {
        var blocks = Blocks(kind, row);
        if ((long)blocks.Count * blocks.Dimension > Array.MaxLength)
            throw new AuditException(
                $"The features of {blocks.Count} pictures do not fit into memory, as this method needs them to; "
                    + $"score fewer {Settings.Name("candidates")}, or take a shorter {Settings.Name("projection")}."
            );
        var values = new float[blocks.Count * blocks.Dimension];
        var buffer = new BlockBuffer(blocks);
        for (var block = 0; block < blocks.Blocks; block++)
        {
            buffer.Read(block);
            buffer.Restore(values.AsSpan(buffer.First * blocks.Dimension, buffer.Rows * blocks.Dimension));
        }

        using var scope = NewDisposeScope();
        return tensor(values, [blocks.Count, blocks.Dimension]).to_type(float64).MoveToOuterDisposeScope();
    }

    public IEnumerator<PictureFeatures> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected static AuditException Lacks(FeatureKind kind) =>
        new($"The features lack the kind {kind}; compute them anew for this method.");

    protected static AuditException LacksRow(FeatureKind kind) =>
        new($"A picture has fewer features of the kind {kind} than were asked for; compute them anew.");
}
