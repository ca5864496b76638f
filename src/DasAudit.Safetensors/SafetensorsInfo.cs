using static TorchSharp.torch;

namespace DasAudit.Safetensors;

/// <summary>What the header of a safetensors file says about one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type as stored.</param>
/// <param name="Shape">Size of each dimension; empty for a scalar.</param>
/// <param name="Offset">Position of its first byte in the file.</param>
/// <param name="Length">Number of its bytes: the product of <paramref name="Shape"/> times the element size.</param>
public sealed record SafetensorsInfo(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length);
