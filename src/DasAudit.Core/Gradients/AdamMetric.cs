using System.Security.Cryptography;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>Adam's inner product gᵀ·diag(√v + ε)⁻¹·h, v the optimiser's second moment and ε = 1e-8.</summary>
/// <remarks>Gradients are multiplied elementwise by (√v + ε)^(−½) before norm and projection.</remarks>
public sealed class AdamMetric
{
    private const double Epsilon = 1e-8;

    private readonly string _path;

    private AdamMetric(string path, string sha256)
    {
        _path = path;
        Sha256 = sha256;
    }

    /// <summary>SHA-256 of the file.</summary>
    public string Sha256 { get; }

    /// <summary>Opens a file of second moments.</summary>
    /// <param name="path">A safetensors file with a tensor of the name and shape of each attributed parameter.</param>
    /// <exception cref="AuditException">It cannot be read.</exception>
    public static AdamMetric Open(string path)
    {
        using (SafetensorsFile.Open(path))
        {
            using var file = File.OpenRead(path);
            return new(path, Convert.ToHexStringLower(SHA256.HashData(file)));
        }
    }

    /// <summary>(√v + ε)^(−½) of each parameter, in their order.</summary>
    internal float[][] Scales(AttributedParameters parameters)
    {
        using var file = SafetensorsFile.Open(_path);
        return [.. parameters.Names.Zip(parameters.Tensors, (name, parameter) => Scale(file, name, parameter))];
    }

    private float[] Scale(SafetensorsFile file, string name, Tensor parameter)
    {
        using var scope = NewDisposeScope();
        var moments = empty(parameter.shape);
        file.CopyTo(name, moments);
        if (!moments.IsFinite() || moments.lt(0).any().item<bool>())
            throw new AuditException(
                $"'{_path}' holds second moments of '{name}' that are negative or not finite; give the file that "
                    + "training kept."
            );
        var scales = (moments.to_type(float64).sqrt() + Epsilon).rsqrt().to_type(float32).contiguous();
        return scales.data<float>().ToArray();
    }
}
