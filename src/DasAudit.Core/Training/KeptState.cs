using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Safetensors;

namespace DasAudit.Core.Training;

/// <summary>The training state that a run kept on the way, in the folder of the finished model.</summary>
internal static class KeptState
{
    /// <summary>Steps done where a part of a run is over: at least one, and not all.</summary>
    public static int StepOf(double part, int steps) =>
        Math.Clamp((int)Math.Round(part * steps), 1, Math.Max(1, steps - 1));

    public static string PathIn(string folder) => Path.Combine(folder, "replay-state.safetensors");

    /// <summary>Steps done in the state that a folder keeps.</summary>
    public static int StepIn(string folder)
    {
        using var file = SafetensorsFile.Open(PathIn(folder));
        return int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture);
    }

    /// <summary>Refuses a model whose training kept no state, or does not say how it went.</summary>
    /// <param name="folder">What training wrote; absolute.</param>
    /// <param name="method">What wants to replay it, for the message.</param>
    public static void Check(string folder, string method)
    {
        if (!File.Exists(PathIn(folder)) || !File.Exists(Path.Combine(folder, TrainingRecord.FileName)))
            throw new AuditException(
                $"The method {method} replays the end of training, of which '{folder}' keeps no state; train again "
                    + $"with {Settings.Name("keep-state")} 0.75, or choose another method, such as pva."
            );
    }
}
