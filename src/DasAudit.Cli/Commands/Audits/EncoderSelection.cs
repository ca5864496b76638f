using DasAudit.Cli.CommandLine;
using DasAudit.Clip;
using TorchSharp;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>The image encoder that a command line names.</summary>
internal static class EncoderSelection
{
    /// <summary>Opens it; the caller disposes it.</summary>
    /// <param name="path">As written; null for none.</param>
    /// <param name="preprocess">How pictures are prepared for it, as written; null for what its files say.</param>
    /// <exception cref="AuditException">It cannot be used, or pictures are prepared for none.</exception>
    public static OnnxImageEncoder? Open(string? path, string? preprocess, Invocation invocation, int threads)
    {
        Check(path, preprocess);
        return path is null
            ? null
            : OnnxImageEncoder.Open(
                invocation.Resolve(path),
                threads,
                preprocess is null ? null : Given(preprocess, invocation),
                Cuda(invocation)
            );
    }

    /// <summary>Refuses to prepare pictures for no encoder.</summary>
    public static void Check(string? path, string? preprocess)
    {
        if (path is null && preprocess is not null)
            throw new AuditException(
                "There is no image encoder to prepare pictures for; give --encoder too, or leave --preprocess out."
            );
    }

    /// <summary>The number of the GPU that encoders run on; null for the processor.</summary>
    /// <exception cref="AuditException">The ONNX Runtime that is named cannot be used.</exception>
    public static int? Cuda(Invocation invocation)
    {
        var device = invocation.Device;
        return device.Type == DeviceType.CUDA && OnnxRuntimeLibrary.IsForeign ? device.Number ?? 0 : null;
    }

    private static GivenPreprocessing Given(string preprocess, Invocation invocation) =>
        new(
            PreprocessingPresets.Contains(preprocess) ? preprocess : invocation.Resolve(preprocess),
            ShownAs: $"--preprocess {preprocess}"
        );
}
