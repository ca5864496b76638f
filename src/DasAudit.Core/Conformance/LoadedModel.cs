using System.Globalization;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Conformance;

/// <summary>What an adapter recognised in a checkpoint, for a person.</summary>
internal static class LoadedModel
{
    /// <summary>Class, size, schedule, files and what was assumed; files are relative to the checkpoint.</summary>
    public static string Describe(IDiffusionModel model, ModelSource source)
    {
        var folder = Directory.Exists(source.FullPath) ? source.FullPath : Path.GetDirectoryName(source.FullPath)!;
        var parameters = model.Network.parameters().Sum(parameter => parameter.NumberOfElements);
        var network = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Network.GetName()}, {parameters:N0} parameters, samples {model.SampleShape}"
        );
        var files = model.Files.Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
        var stated = ScheduleFacts.Source(model, source.Schedule, folder) ?? ModelInfo.AssumedSchedule;
        string[] facts =
        [
            network,
            $"predicts {ScheduleFacts.PredictionName(model)}",
            $"schedule {ScheduleFacts.Description(model)} ({stated})",
            $"files {string.Join(", ", files)}",
            .. model.Assumptions.Select(assumption => assumption.TrimEnd('.')),
        ];
        return string.Join("; ", facts);
    }
}
