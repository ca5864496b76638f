using System.Collections;
using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Features of several pictures under the same settings, in memory or in a store that they are read from when they are
/// asked for: one row of a kind of all pictures at a time, so that features of more pictures than memory holds can be
/// worked with.
/// </summary>
internal abstract class FeatureSet : IReadOnlyList<PictureFeatures>
{
    public abstract int Count { get; }

    /// <summary>All features of one picture.</summary>
    public abstract PictureFeatures this[int index] { get; }

    /// <summary>A set of features in memory, or the set itself where it is one already.</summary>
    public static FeatureSet Of(IReadOnlyList<PictureFeatures> pictures) =>
        pictures as FeatureSet ?? new ComputedFeatures(pictures);

    /// <summary>How many rows of a kind each picture has; 0 if the kind is not there.</summary>
    public abstract int RowsOf(FeatureKind kind);

    /// <summary>One row of a kind of all pictures where it lies.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which of its rows: the noise draw, or the pass for a kind kept apart.</param>
    /// <exception cref="AuditException">A picture lacks the kind or the row.</exception>
    public abstract IFeatureBlocks Blocks(FeatureKind kind, int row);

    /// <summary>Some of the pictures.</summary>
    /// <param name="pictures">Which, from 0.</param>
    public abstract FeatureSet Take(IEnumerable<int> pictures);

    /// <summary>(1/d)·‖ε̂ − y‖² of each picture at each timestep of a noise draw, [n][K].</summary>
    public abstract double[][] SquaredErrors(int replicate);

    /// <summary>‖g_t‖ of each picture at each timestep of a noise draw, [n][K].</summary>
    /// <param name="function">The output function that g is the gradient of.</param>
    /// <param name="replicate">The noise draw.</param>
    public abstract double[][] GradientNorms(string function, int replicate);

    /// <summary>vᵀỹ_t of each picture and timestep of a noise draw, [n][K]; null for a function without.</summary>
    /// <param name="function">The output function.</param>
    /// <param name="replicate">The noise draw.</param>
    public abstract double[][]? TangentTargets(string function, int replicate);

    /// <summary>One row of a kind of all pictures, float64 [n, k] in the caller's dispose scope.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which of its rows.</param>
    /// <exception cref="AuditException">A picture lacks the kind or the row, or memory cannot hold them.</exception>
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

    /// <summary>The sentence for a kind that is not there.</summary>
    protected static AuditException Lacks(FeatureKind kind) =>
        new($"The features lack the kind {kind}; compute them anew for this method.");

    /// <summary>The sentence for a row that is not there.</summary>
    protected static AuditException LacksRow(FeatureKind kind) =>
        new($"A picture has fewer features of the kind {kind} than were asked for; compute them anew.");
}
