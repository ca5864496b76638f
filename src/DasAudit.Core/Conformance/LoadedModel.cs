using System.Globalization;
using DasAudit.Core.Models;
using DasAudit.Core.Platforms;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Conformance;

/// <summary>What an adapter recognised in a checkpoint, for a person.</summary>
public static class LoadedModel
{
    /// <summary>Network, prediction type, schedule, and files relative to the checkpoint; each with its name.</summary>
    public static IReadOnlyList<(string Name, string Detail)> Facts(IDiffusionModel model, ModelSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        var folder = Directory.Exists(source.FullPath) ? source.FullPath : Path.GetDirectoryName(source.FullPath)!;
        var parameters = model.Network.parameters().Sum(parameter => parameter.NumberOfElements);
        var network = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Network.GetName()}, {parameters:N0} parameters, samples {model.SampleShape}"
        );
        var stated = ScheduleFacts.Source(model, source.Schedule, folder) ?? ModelInfo.AssumedSchedule;
        var files = model
            .Files.Select(file => Platform.Current.Slashed(Path.GetRelativePath(folder, file)))
            .Order(StringComparer.Ordinal);
        return
        [
            ("network", network),
            ("predicts", model.Process.Prediction),
            ("schedule", $"{ScheduleFacts.Description(model)} ({stated})"),
            ("files", string.Join(", ", files)),
        ];
    }

    /// <summary>The facts and what was assumed, in one line.</summary>
    internal static string Describe(IDiffusionModel model, ModelSource source)
    {
        var (_, network) = Facts(model, source)[0];
        var named = Facts(model, source).Skip(1).Select(fact => $"{fact.Name} {fact.Detail}");
        var assumptions = model.Assumptions.Select(assumption => assumption.TrimEnd('.'));
        return string.Join("; ", [network, .. named, .. assumptions]);
    }
}
