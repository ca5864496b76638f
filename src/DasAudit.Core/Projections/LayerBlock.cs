namespace DasAudit.Core.Projections;

/// <summary>A layer's own part of a feature.</summary>
/// <param name="Layer">Name of the module that owns the parameters.</param>
/// <param name="Offset">Where it begins in the feature.</param>
/// <param name="Length">Its length: d_l, that of its sketch if shorter, or the number of LoGra's coordinates.</param>
/// <param name="Parameters">d_l, the number of the layer's attributed parameters.</param>
public sealed record LayerBlock(string Layer, int Offset, int Length, int Parameters);
