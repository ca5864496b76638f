namespace DasAudit.Core.Numerics;

/// <summary>Where each of the three streams of a <see cref="TileKernel"/> begins.</summary>
internal readonly unsafe struct PointerTriple(float* first, float* second, float* third)
{
    public readonly float* First = first;
    public readonly float* Second = second;
    public readonly float* Third = third;
}
