using System.Globalization;
using DasAudit.Abstractions;

namespace DasAudit.Core.Gradients;

/// <summary>A projection as <c>KIND:DIM</c>.</summary>
public sealed record ProjectionOptions
{
    /// <summary>The kind. Default SJLT.</summary>
    public ProjectionKind Kind { get; init; } = ProjectionKind.Sjlt;

    /// <summary>k, the length of a feature, 2 … 1 048 576; ignored for <see cref="ProjectionKind.None"/>. Default 4096.</summary>
    public int Dimension { get; init; } = 4096;

    /// <summary>Reads <c>sjlt:DIM</c> or <c>none</c>.</summary>
    /// <exception cref="AuditException">The text is neither.</exception>
    public static ProjectionOptions Parse(string text)
    {
        if (text == "none") return new() { Kind = ProjectionKind.None };
        var parts = (text ?? "").Split(':');
        if (parts is ["sjlt", var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension is >= 2 and <= 1 << 20)
            return new() { Dimension = dimension };
        throw new AuditException($"'{text}' is no projection; write sjlt:DIM with 2 to 1048576 dimensions, such as sjlt:4096, or none.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind == ProjectionKind.None ? "none" : string.Create(CultureInfo.InvariantCulture, $"sjlt:{Dimension}");

    internal IProjection Create(long seed, int parameters) =>
        Kind == ProjectionKind.None ? new IdentityProjection(parameters) : new Sjlt(seed, Dimension);
}

/// <summary>The kind of projection.</summary>
public enum ProjectionKind
{
    /// <summary>Sparse Johnson–Lindenstrauss transform with one non-zero a column.</summary>
    Sjlt,

    /// <summary>Gradients are kept whole; for small models only.</summary>
    None,
}
