using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Logra;

namespace DasAudit.Core.Gradients;

/// <summary>A projection as <c>KIND:DIM</c>.</summary>
public sealed record ProjectionOptions
{
    /// <summary>The kind. Default SJLT.</summary>
    public ProjectionKind Kind { get; init; } = ProjectionKind.Sjlt;

    /// <summary>k, the length of a feature, 2 … 1 048 576; ignored for <see cref="ProjectionKind.None"/>. Default 4096.</summary>
    public int Dimension { get; init; } = 4096;

    /// <summary>Ranks of <see cref="ProjectionKind.Logra"/>; null for every other kind.</summary>
    public LograRanks? Logra { get; init; }

    /// <summary>Reads <c>sjlt:DIM</c>, <c>logra:IxO</c> or <c>none</c>.</summary>
    /// <exception cref="AuditException">The text is neither.</exception>
    public static ProjectionOptions Parse(string text)
    {
        if (text == "none") return new() { Kind = ProjectionKind.None };
        if (text is not null && text.StartsWith("logra:", StringComparison.Ordinal)) return new() { Kind = ProjectionKind.Logra, Logra = LograRanks.Parse(text[6..]) };
        var parts = (text ?? "").Split(':');
        if (parts is ["sjlt", var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension is >= 2 and <= 1 << 20)
            return new() { Dimension = dimension };
        throw new AuditException($"'{text}' is no projection; write sjlt:DIM with 2 to 1048576 dimensions, such as sjlt:4096, logra:IxO with ranks such as logra:16x8, or none.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ProjectionKind.None => "none",
        ProjectionKind.Logra => $"logra:{Logra}",
        _ => string.Create(CultureInfo.InvariantCulture, $"sjlt:{Dimension}"),
    };

    internal IProjection Create(long seed, int parameters) =>
        Kind is ProjectionKind.None or ProjectionKind.Logra ? new IdentityProjection(parameters) : new Sjlt(seed, Dimension);
}

/// <summary>The kind of projection.</summary>
public enum ProjectionKind
{
    /// <summary>Sparse Johnson–Lindenstrauss transform with one non-zero a column.</summary>
    Sjlt,

    /// <summary>Gradients are kept whole; for small models only.</summary>
    None,

    /// <summary>LoGra: each weight's gradient has coordinates of its own, <see cref="ProjectionOptions.Logra"/>, and is never formed.</summary>
    Logra,
}
