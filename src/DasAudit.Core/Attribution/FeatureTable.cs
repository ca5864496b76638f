using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// Features of queries and scored pictures (members first), from the same passes of the same checkpoint. Tensors are
/// float64, in the caller's dispose scope.
/// </summary>
internal sealed class FeatureTable(
    IReadOnlyList<PictureFeatures> queries,
    IReadOnlyList<PictureFeatures> scored,
    int members
)
{
    /// <summary>Features of training pictures that are in the kernel but not scored.</summary>
    public IReadOnlyList<PictureFeatures> Background { get; init; } = [];

    /// <summary>How many training pictures each background picture stands for; at least 1.</summary>
    public double BackgroundWeight { get; init; } = 1;

    /// <summary>Learning rate at the checkpoint, for methods that weigh by it. Default 1.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Where each layer's sketch lies in a feature; empty where gradients were projected whole.</summary>
    public IReadOnlyList<LayerBlock> Layers { get; init; } = [];

    public StreamingOptions Streaming { get; init; } = new();

    /// <summary>Where eigendecompositions of kernels are kept for other queries; null for nowhere.</summary>
    public KeptKernels? Kernels { get; init; }

    public int Members => members;

    public FeatureSet Scored { get; } = FeatureSet.Of(scored);

    public FeatureSet Queries { get; } = FeatureSet.Of(queries);

    /// <summary>Throws where gradients were projected whole.</summary>
    public void RequireLayers(string method)
    {
        if (Layers.Count == 0)
            throw new AuditException(
                $"The gradient features hold no sketch of each layer, which {method} needs; compute them anew for this "
                    + "method."
            );
    }

    /// <summary>The same pictures with a part of each feature alone; its layers are no longer told apart.</summary>
    public FeatureTable Columns(LayerBlock part) =>
        new(
            new FeatureColumns(Queries, part.Offset, part.Length),
            new FeatureColumns(Scored, part.Offset, part.Length),
            members
        )
        {
            Background = new FeatureColumns(FeatureSet.Of(Background), part.Offset, part.Length),
            BackgroundWeight = BackgroundWeight,
            LearningRate = LearningRate,
            Streaming = Streaming,
        };

    /// <summary>One feature of each query, [queries, k].</summary>
    /// <param name="row">The noise draw, or the pass for a kind kept apart.</param>
    public Tensor QueryMatrix(FeatureKind kind, int row) => Queries.Matrix(kind, row);

    /// <summary>One feature of each scored picture, [scored pictures, k].</summary>
    public Tensor ScoredMatrix(FeatureKind kind, int row) => Scored.Matrix(kind, row);

    /// <summary>One feature of each decoy, [decoys, k].</summary>
    public Tensor DecoyMatrix(FeatureKind kind, int row) =>
        Scored.Take(Enumerable.Range(members, Scored.Count - members)).Matrix(kind, row);

    /// <summary>Φ, [n, k]: one feature of each member, then of background times the root of its weight.</summary>
    public Tensor KernelMatrix(FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        var ofMembers = MemberFeatures().Matrix(kind, row);
        if (Background.Count == 0)
            return ofMembers.MoveToOuterDisposeScope();
        var ofBackground = FeatureSet.Of(Background).Matrix(kind, row) * Math.Sqrt(BackgroundWeight);
        return cat([ofMembers, ofBackground]).MoveToOuterDisposeScope();
    }

    /// <summary>How many training pictures each row of Φ stands for, [n].</summary>
    public Tensor KernelWeights() =>
        tensor([.. Enumerable.Repeat(1.0, members), .. Enumerable.Repeat(BackgroundWeight, Background.Count)]);

    /// <summary>⟨φ(z), φ_i⟩, [queries, scored pictures].</summary>
    public Tensor Products(FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        return Products(QueryMatrix(kind, row), kind, row).MoveToOuterDisposeScope();
    }

    /// <summary>⟨a, φ_i⟩ of vectors a, [m, k], with one feature of each scored picture, [m, scored pictures].</summary>
    public Tensor Products(Tensor vectors, FeatureKind kind, int row)
    {
        var blocks = Scored.Blocks(kind, row);
        using var scope = NewDisposeScope();
        if (!Streaming.Exceeded(blocks))
            return vectors.matmul(ScoredMatrix(kind, row).t()).MoveToOuterDisposeScope();
        double[] values = [.. vectors.contiguous().data<double>()];
        var products = BlockProducts.Of(values, blocks, Streaming.Workers, Streaming.Cancellation);
        return tensor(products, [vectors.shape[0], blocks.Count]).MoveToOuterDisposeScope();
    }

    /// <summary>K, the number of timesteps that a noise draw has; its passes follow one another.</summary>
    public int Timesteps => Scored.SquaredErrors(0)[0].Length;

    /// <summary>(1/d)·‖ε̂ − y‖² of each scored picture in a pass, a row of a kind kept apart.</summary>
    public double[] SquaredErrors(int pass)
    {
        var (draw, timestep) = Math.DivRem(pass, Timesteps);
        return [.. Scored.SquaredErrors(draw).Select(errors => errors[timestep])];
    }

    /// <summary>‖φ_i‖ of each scored picture.</summary>
    public Tensor Lengths(FeatureKind kind, int row) =>
        PerScored(kind, row, features => features.square().sum([1L]).sqrt());

    /// <summary>A number for each scored picture that depends on its feature alone, some thousand at a time.</summary>
    /// <param name="compute">[m] from some pictures' features, [m, k].</param>
    internal Tensor PerScored(FeatureKind kind, int row, Func<Tensor, Tensor> compute)
    {
        const int Most = 4096;
        using var scope = NewDisposeScope();
        return cat([
                .. Enumerable
                    .Range(0, Scored.Count)
                    .Chunk(Most)
                    .Select(pictures =>
                    {
                        using var chunk = NewDisposeScope();
                        return compute((Scored.Count <= Most ? Scored : Scored.Take(pictures)).Matrix(kind, row))
                            .MoveToOuterDisposeScope();
                    }),
            ])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Which passes of a kind that keeps them apart belong to a replicate, counted from 0.</summary>
    /// <param name="ofQueries">Whether the queries' passes are meant, which may be more.</param>
    public IEnumerable<int> PassesOf(FeatureKind kind, int replicate, int replicates, bool ofQueries = false)
    {
        var (passes, remainder) = Math.DivRem((ofQueries ? Queries : Scored).RowsOf(kind), replicates);
        if (passes == 0 || remainder != 0)
            throw new AuditException(
                $"The features of the kind {kind} are not of {replicates} noise draws; compute them anew."
            );
        return Enumerable.Range(replicate * passes, passes);
    }

    internal FeatureSet MemberFeatures() =>
        Scored.Count == members ? Scored : Scored.Take(Enumerable.Range(0, members));
}
