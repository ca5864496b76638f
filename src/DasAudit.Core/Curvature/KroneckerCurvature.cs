using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>H of every layer, by K-FAC and by EK-FAC.</summary>
/// <param name="bases">Eigenvectors of each; null where no picture reached it. Disposed with this.</param>
/// <param name="eigenvalues">Λ of EK-FAC of each, float64 [O, I]. Disposed with this.</param>
internal sealed class KroneckerCurvature(
    IReadOnlyList<KroneckerLayer> layers,
    IReadOnlyList<KroneckerBasis?> bases,
    IReadOnlyList<Tensor> eigenvalues
) : IDisposable
{
    /// <summary>Length of a whole gradient.</summary>
    public int Parameters { get; init; }

    /// <summary>H = I, which costs as much to work with as any other.</summary>
    public static KroneckerCurvature Unit(IReadOnlyList<KroneckerLayer> layers)
    {
        KroneckerBasis[] bases = [.. layers.Select(KroneckerBasis.Unit)];
        return new(layers, bases, [.. bases.Select(basis => basis.Kronecker.clone().DetachFromDisposeScope())]);
    }

    /// <summary>(H + γI)⁻¹ of a whole gradient by K-FAC and EK-FAC; γ is a part of a layer's mean eigenvalue.</summary>
    public (float[] Kronecker, float[] Corrected) Solve(float[] gradient, double damping)
    {
        var (kronecker, corrected) = (new float[gradient.Length], new float[gradient.Length]);
        foreach (var (l, layer) in layers.Index())
        {
            if (bases[l] is not { } basis)
                continue;
            using var scope = NewDisposeScope();
            var slice = layer.Slice(gradient);
            layer.Write(basis.Solve(slice, basis.Kronecker, damping), kronecker);
            layer.Write(basis.Solve(slice, eigenvalues[l], damping), corrected);
        }

        return (kronecker, corrected);
    }

    public void Dispose()
    {
        foreach (var tensor in eigenvalues)
            tensor.Dispose();
        foreach (var basis in bases)
            basis?.Dispose();
    }
}
