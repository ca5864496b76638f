namespace DasAudit.Core.Platforms;

/// <summary>File names of the tool's native libraries.</summary>
/// <param name="LibTorchFolder">Where libtorch is below the folder of the others; empty if beside them.</param>
/// <param name="LibTorch">libtorch and LibTorchSharp in the order in which they are loaded.</param>
/// <param name="TorchCpu">The one of them that says its version.</param>
/// <param name="LibTorchSharp">The one of them that TorchSharp calls.</param>
/// <param name="OnnxRuntime">ONNX Runtime.</param>
/// <param name="Skia">SkiaSharp's native part.</param>
public sealed record NativeFiles(
    string LibTorchFolder,
    IReadOnlyList<string> LibTorch,
    string TorchCpu,
    string LibTorchSharp,
    string OnnxRuntime,
    string Skia
);
