namespace DasAudit.Core.Projections;

/// <summary>The kind of projection.</summary>
public enum ProjectionKind
{
    /// <summary>Sparse Johnson–Lindenstrauss transform: a few operations a parameter whatever the dimension.</summary>
    Sjlt,

    /// <summary>Dense, entries ±1/√k: p·k operations a picture.</summary>
    Rademacher,

    /// <summary>Dense, entries normal with variance 1/k, which cost several times more than signs.</summary>
    Gaussian,

    /// <summary>An SJLT of each layer, which is kept whole if it is no longer: see <see cref="LayerBlock"/>.</summary>
    Layers,

    /// <summary>Gradients are kept whole; for small models only.</summary>
    None,

    /// <summary>LoGra: the gradient of each weight has few coordinates and is never formed.</summary>
    Logra,
}
