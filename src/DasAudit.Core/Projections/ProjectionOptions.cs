using System.Globalization;
using DasAudit.Core.Numerics;

namespace DasAudit.Core.Projections;

/// <summary>A projection as <c>KIND:DIM</c> or <c>logra:IxO</c>.</summary>
public sealed record ProjectionOptions
{
    private const int MostDimensions = 1 << 20;
    private const string LograPrefix = "logra:";

    private static readonly Dictionary<string, ProjectionKind> WithDimension = new()
    {
        ["sjlt"] = ProjectionKind.Sjlt,
        ["rademacher"] = ProjectionKind.Rademacher,
        ["gaussian"] = ProjectionKind.Gaussian,
        ["layers"] = ProjectionKind.Layers,
    };

    /// <summary><c>layers:256</c>, for methods that look at each layer by itself.</summary>
    public static ProjectionOptions Layered { get; } = new() { Kind = ProjectionKind.Layers, Dimension = 256 };

    /// <summary>What <see cref="Parse"/> reads, for help texts.</summary>
    public static string Forms { get; } =
        $"{string.Join(", ", WithDimension.Keys.Select(name => name + ":DIM"))}, logra:IxO or none";

    /// <summary>The kind. Default SJLT.</summary>
    public ProjectionKind Kind { get; init; } = ProjectionKind.Sjlt;

    /// <summary>k, a feature's length, or each layer's part's for kind Layers: 2 … 1 048 576. Default 4096.</summary>
    /// <remarks>Ignored for <see cref="ProjectionKind.None"/> and <see cref="ProjectionKind.Logra"/>.</remarks>
    public int Dimension { get; init; } = 4096;

    /// <summary>The ranks of <see cref="ProjectionKind.Logra"/>; null for every other kind.</summary>
    public LograRanks? Logra { get; init; }

    /// <summary>Reads one of the <see cref="Forms"/>.</summary>
    /// <exception cref="AuditException">The text is none of them.</exception>
    public static ProjectionOptions Parse(string text)
    {
        if (text == "none")
            return new() { Kind = ProjectionKind.None };
        if (text is not null && text.StartsWith(LograPrefix, StringComparison.Ordinal))
            return new() { Kind = ProjectionKind.Logra, Logra = LograRanks.Parse(text[LograPrefix.Length..]) };
        if (
            (text ?? "").Split(':') is [var name, var digits]
            && WithDimension.TryGetValue(name, out var kind)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension)
            && dimension is >= 2 and <= MostDimensions
        )
            return new() { Kind = kind, Dimension = dimension };
        throw new AuditException(
            $"'{text}' is no projection; write {Forms}, with 2 to {MostDimensions} dimensions, such as sjlt:4096."
        );
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Kind switch
        {
            ProjectionKind.None => "none",
            ProjectionKind.Logra => LograPrefix + Logra,
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{WithDimension.First(named => named.Value == Kind).Key}:{Dimension}"
            ),
        };

    /// <summary>Whether a feature is made of parts that are a layer's each: see <see cref="LayerBlock"/>.</summary>
    internal bool KeepsLayersApart => Kind is ProjectionKind.Layers or ProjectionKind.None or ProjectionKind.Logra;

    /// <summary>The projection of gradients; blocks are needed only where <see cref="KeepsLayersApart"/>.</summary>
    internal IProjection Create(long seed, IReadOnlyList<LayerBlock> blocks, int coordinates) =>
        Kind == ProjectionKind.Layers ? new LayerSketch(seed, blocks) : Create(seed, coordinates);

    /// <summary>The projection of vectors that belong to no layer: a function of seed, kind and dimension.</summary>
    internal IProjection Create(long seed, int coordinates) =>
        Kind switch
        {
            ProjectionKind.Sjlt or ProjectionKind.Layers => new Sjlt(seed, Dimension),
            ProjectionKind.Rademacher => new DenseProjection(new RademacherEntries(seed), Dimension),
            ProjectionKind.Gaussian => new DenseProjection(new NormalEntries(seed), Dimension),
            ProjectionKind.None or ProjectionKind.Logra => new IdentityProjection(coordinates),
            _ => throw new InvalidOperationException($"There is no projection {Kind}."),
        };
}
