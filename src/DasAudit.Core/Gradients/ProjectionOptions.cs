using System.Globalization;
using DasAudit.Abstractions;

namespace DasAudit.Core.Gradients;

/// <summary>A projection as <c>KIND:DIM</c>.</summary>
public sealed record ProjectionOptions
{
    /// <summary><c>layers:256</c>, for methods that look at each layer by itself.</summary>
    public static ProjectionOptions Layered { get; } = new() { Kind = ProjectionKind.Layers, Dimension = 256 };

    /// <summary>The kind. Default SJLT.</summary>
    public ProjectionKind Kind { get; init; } = ProjectionKind.Sjlt;

    /// <summary>k, the length of a feature (of each layer's for <see cref="ProjectionKind.Layers"/>), 2 … 1 048 576; ignored for <see cref="ProjectionKind.None"/>. Default 4096.</summary>
    public int Dimension { get; init; } = 4096;

    /// <summary>Reads <c>sjlt:DIM</c>, <c>layers:DIM</c> or <c>none</c>.</summary>
    /// <exception cref="AuditException">The text is none of them.</exception>
    public static ProjectionOptions Parse(string text)
    {
        if (text == "none") return new() { Kind = ProjectionKind.None };
        var parts = (text ?? "").Split(':');
        if (parts is ["sjlt" or "layers", var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension is >= 2 and <= 1 << 20)
            return new() { Kind = parts[0] == "sjlt" ? ProjectionKind.Sjlt : ProjectionKind.Layers, Dimension = dimension };
        throw new AuditException($"'{text}' is no projection; write sjlt:DIM or layers:DIM with 2 to 1048576 dimensions, such as sjlt:4096, or none.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind == ProjectionKind.None
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{(Kind == ProjectionKind.Layers ? "layers" : "sjlt")}:{Dimension}");

    /// <summary>The projection of gradients.</summary>
    internal IProjection Create(long seed, AttributedParameters parameters) =>
        Kind == ProjectionKind.Layers ? new LayerSketch(seed, LayerBlock.Of(parameters, this)) : Create(seed, parameters.Count);

    /// <summary>The projection of vectors that have no layers.</summary>
    internal IProjection Create(long seed, int parameters) =>
        Kind == ProjectionKind.None ? new IdentityProjection(parameters) : new Sjlt(seed, Dimension);
}

/// <summary>The kind of projection.</summary>
public enum ProjectionKind
{
    /// <summary>Sparse Johnson–Lindenstrauss transform with one non-zero a column.</summary>
    Sjlt,

    /// <summary>Each layer has a sketch of its own, laid one after the other, or is kept whole if it is no longer; see <see cref="LayerBlock"/>.</summary>
    Layers,

    /// <summary>Gradients are kept whole; for small models only.</summary>
    None,
}
