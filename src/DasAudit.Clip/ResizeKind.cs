namespace DasAudit.Clip;

/// <summary>How the size that a picture is resized to follows from its own.</summary>
internal enum ResizeKind
{
    /// <summary>The shorter side gets a length and the proportions stay.</summary>
    ShortestEdge,

    /// <summary>The size is given; proportions change.</summary>
    Exact,

    /// <summary>The largest size of the same proportions within a rectangle; open_clip's <c>longest</c>.</summary>
    Inside,

    /// <summary>The smallest size of the same proportions around a rectangle.</summary>
    Around,
}
