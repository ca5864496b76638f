using DasAudit.Core.Platforms;
using Microsoft.ML.OnnxRuntime;

namespace DasAudit.Clip;

/// <summary>
/// ONNX Runtime as this program uses it: silent. By default it sends events to its maker and keeps an identifier of the
/// machine in the user's cache folder. Everything that uses it in this process must go through here first.
/// </summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>The variable that names another ONNX Runtime than the program's own: a file or its folder.</summary>
    public const string Variable = "DASAUDIT_ONNXRUNTIME";

    // It is read once, when the library starts.
    private const string DisableTelemetry = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<ForeignOnnxRuntime?> Foreign = new(Start);

    /// <summary>Whether it is not the program's own, so that it may compute on a GPU.</summary>
    /// <exception cref="AuditException">The one that is named cannot be used.</exception>
    public static bool IsForeign => Foreign.Value is not null;

    /// <summary>Its version and what it can compute with.</summary>
    /// <exception cref="AuditException">The one that is named cannot be used.</exception>
    public static string Description
    {
        get
        {
            var place = Foreign.Value is { } foreign ? $" in '{foreign.Path}'" : "";
            // Not disposed: it is the process's one environment.
            var environment = OrtEnv.Instance();
            var providers = string.Join(", ", environment.GetAvailableProviders());
            return $"ONNX Runtime {environment.GetVersionString()}{place} with {providers}";
        }
    }

    /// <summary>Options on one thread that write nothing to stderr; the caller disposes them.</summary>
    /// <param name="cuda">The number of the GPU to compute on; null for the processor.</param>
    /// <exception cref="AuditException">The library cannot be used, or not there.</exception>
    internal static SessionOptions QuietOptions(int? cuda = null)
    {
        var foreign = Foreign.Value;
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (cuda is not { } device)
            return options;
        try
        {
            if (foreign is null)
                throw new ArgumentException("The program's own library computes on the processor.", nameof(cuda));
            foreign.AddCuda(options, device);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static ForeignOnnxRuntime? Start()
    {
        Environment.SetEnvironmentVariable(DisableTelemetry, "1");
        Platform.Current.SetVariable(DisableTelemetry, "1", overwrite: true);
        var named = Environment.GetEnvironmentVariable(Variable);
        var foreign = string.IsNullOrEmpty(named) ? null : ForeignOnnxRuntime.Load(named);
        // There it reads no variable.
        if (Platform.Current.CollectsEvents)
            OrtEnv.Instance().DisableTelemetryEvents();
        return foreign;
    }
}
