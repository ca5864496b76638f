namespace DasAudit.Core.Attribution.Kernel;

/// <summary>The training pictures in a kernel: two of the same have the same rows.</summary>
/// <param name="indices">Places in the dataset, members first, then background.</param>
/// <param name="backgroundWeight">How many pictures each background picture stands for.</param>
internal sealed class KernelPictures(int[] indices, int members, double backgroundWeight) : IEquatable<KernelPictures>
{
    private readonly int[] _indices = indices;
    private readonly (int, double) _shape = (members, backgroundWeight);

    public bool Equals(KernelPictures? other) =>
        other is not null && _shape == other._shape && _indices.AsSpan().SequenceEqual(other._indices);

    public override bool Equals(object? obj) => Equals(obj as KernelPictures);

    public override int GetHashCode() => HashCode.Combine(_shape, _indices.Length);
}
