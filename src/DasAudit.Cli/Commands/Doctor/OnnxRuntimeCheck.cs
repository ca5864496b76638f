using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using Microsoft.ML.OnnxRuntime;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether ONNX Runtime, which runs image encoders, loads.</summary>
internal sealed class OnnxRuntimeCheck(NativeLibraries libraries) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "ONNX Runtime";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        libraries.Load("libonnxruntime.so");
        // Not disposed: it is the process's one environment.
        var environment = OrtEnv.Instance();
        return CheckResult.Ok(
            $"ONNX Runtime {environment.GetVersionString()} with {string.Join(", ", environment.GetAvailableProviders())}"
        );
    }
}
