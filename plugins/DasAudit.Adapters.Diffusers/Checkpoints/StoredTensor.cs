using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A tensor under the name that it has in its file.</summary>
/// <param name="Part">What of it is meant.</param>
internal sealed record StoredTensor(string Name, SafetensorsFile File, TensorPart Part = TensorPart.Whole)
{
    /// <summary>Its element type in the file.</summary>
    internal ScalarType Type => File.Get(Name).Type;

    /// <summary>Reads it into another tensor, converting its type; the shapes must be the same.</summary>
    internal void CopyTo(Tensor destination)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        switch (Part)
        {
            case TensorPart.Whole:
                File.CopyTo(Name, destination);
                break;
            case TensorPart.Matrix:
                var isKernel = File.Get(Name).Shape.Count == destination.dim() + 2;
                File.CopyTo(Name, isKernel ? destination.unsqueeze(-1).unsqueeze(-1) : destination);
                break;
            case TensorPart.Transposed:
                File.CopyTo(Name, destination.transpose(0, 1));
                break;
            default:
                CopyThird(Part - TensorPart.FirstThird, destination);
                break;
        }
    }

    private void CopyThird(int index, Tensor destination)
    {
        var shape = File.Get(Name).Shape;
        long[] expected = [3 * destination.shape[0], .. destination.shape[1..]];
        if (!shape.SequenceEqual(expected))
            throw new AuditException(
                $"'{File.Path}' holds tensor '{Name}' with shape [{string.Join(", ", shape)}] where "
                    + $"[{string.Join(", ", expected)}] is expected; check that weights and configuration belong "
                    + "together."
            );
        destination.copy_(File.Read(Name).narrow(0, index * destination.shape[0], destination.shape[0]));
    }
}
