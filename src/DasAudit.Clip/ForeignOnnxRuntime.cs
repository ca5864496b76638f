using System.Globalization;
using System.Runtime.InteropServices;
using DasAudit.Core.Platforms;
using Microsoft.ML.OnnxRuntime;
using IOPath = System.IO.Path;

namespace DasAudit.Clip;

/// <summary>
/// Another ONNX Runtime than the one that comes with the program, such as one that computes on a GPU: a file, or the
/// folder that holds it and its providers.
/// </summary>
internal sealed class ForeignOnnxRuntime
{
    // That of the managed part; a library without it would be called through null.
    private const uint ApiVersion = 31;

    private static readonly string Name = Platform.Current.Files.OnnxRuntime;

    private static readonly string[] Beginnings = ["with error: ", "[ErrorCode:Fail] "];

    private readonly nint _library;

    private ForeignOnnxRuntime(string path, nint library) => (Path, _library) = (path, library);

    /// <summary>As it was named.</summary>
    internal string Path { get; }

    /// <summary>Loads it in the place of the program's own; once in a process, before any other use.</summary>
    /// <exception cref="AuditException">It is not there, or none that fits.</exception>
    internal static ForeignOnnxRuntime Load(string path)
    {
        var file = Directory.Exists(path)
            ? new[] { Name, $"{Name}.1" }.Select(name => IOPath.Combine(path, name)).FirstOrDefault(File.Exists)
            : path;
        if (file is null || !File.Exists(file))
            throw Refuse(path, "there is no such library");
        if (!NativeLibrary.TryLoad(IOPath.GetFullPath(file), out var library))
            throw Refuse(path, "it cannot be loaded");
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
            throw Refuse(path, "it is no ONNX Runtime");
        if (!HasApi(entry))
            throw Refuse(path, $"it is older than 1.{ApiVersion}");
        return new ForeignOnnxRuntime(path, library).InPlaceOfOurs();
    }

    /// <summary>Lets sessions compute on a GPU.</summary>
    /// <param name="device">Its number, from 0.</param>
    /// <exception cref="AuditException">This library cannot.</exception>
    internal void AddCuda(SessionOptions options, int device)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(
                new()
                {
                    ["device_id"] = device.ToString(CultureInfo.InvariantCulture),
                    // Embeddings as exact as the processor's.
                    ["use_tf32"] = "0",
                    ["cudnn_conv_algo_search"] = "DEFAULT",
                }
            );
            options.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refuse(Path, $"it cannot compute on cuda:{device} ({Cause(e)})", e);
        }
    }

    // What stands before it is ONNX Runtime's own source, and the library's path.
    private static string Cause(OnnxRuntimeException e)
    {
        var line = e.Message.Split('\n')[0];
        var beginning = Beginnings.FirstOrDefault(text => line.Contains(text, StringComparison.Ordinal));
        var start = beginning is null ? 0 : line.IndexOf(beginning, StringComparison.Ordinal) + beginning.Length;
        return line[start..].TrimEnd('.', ' ');
    }

    private static unsafe bool HasApi(nint entry)
    {
        // OrtApiBase: GetApi, then GetVersionString.
        var apiBase = ((delegate* unmanaged<nint*>)entry)();
        var getApi = (delegate* unmanaged<uint, nint>)apiBase[0];
        return getApi(ApiVersion) != 0;
    }

    private static AuditException Refuse(string path, string why, Exception? cause = null) =>
        new(
            $"{OnnxRuntimeLibrary.Variable} names '{path}', but {why}; name an ONNX Runtime from 1.{ApiVersion} on, or "
                + "unset the variable, and image encoders run on the processor.",
            cause
        );

    private ForeignOnnxRuntime InPlaceOfOurs()
    {
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(
            typeof(OrtEnv).Assembly,
            (name, _, _) => name.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) ? _library : 0
        );
        return this;
    }
}
