using DasAudit.Core.Platforms;
using Microsoft.ML.OnnxRuntime;

namespace DasAudit.Clip;

/// <summary>
/// ONNX Runtime as this program uses it: silent. By default it sends events to its maker and keeps an identifier of the
/// machine in the user's cache folder. Everything that uses it in this process must go through here first.
/// </summary>
public static class OnnxRuntimeLibrary
{
    // It is read once, when the library starts.
    private const string DisableTelemetry = "ORT_DISABLE_TELEMETRY";

    static OnnxRuntimeLibrary()
    {
        Environment.SetEnvironmentVariable(DisableTelemetry, "1");
        Platform.Current.SetVariable(DisableTelemetry, "1", overwrite: true);
        // There it reads no variable.
        if (Platform.Current.CollectsEvents)
            OrtEnv.Instance().DisableTelemetryEvents();
    }

    /// <summary>Its version and what it can compute with.</summary>
    public static string Description
    {
        get
        {
            // Not disposed: it is the process's one environment.
            var environment = OrtEnv.Instance();
            var providers = string.Join(", ", environment.GetAvailableProviders());
            return $"ONNX Runtime {environment.GetVersionString()} with {providers}";
        }
    }

    /// <summary>Options on one thread that write nothing to stderr; the caller disposes them.</summary>
    internal static SessionOptions QuietOptions() =>
        new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
}
