using System.Security.Cryptography;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Compares the inputs of a request with those of a report by their hashes, before all else.</summary>
public static class ReportedInputs
{
    /// <summary>Those that are other ones, the picture first.</summary>
    /// <param name="request">For one picture.</param>
    /// <exception cref="AuditException">An input cannot be read.</exception>
    public static IReadOnlyList<InputDifference> Differences(
        AuditReport report,
        AuditRequest request,
        TimeProvider time,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(request);
        AuditRefusals.Check(request);
        var stages = new AuditStages(time, progress, cancellation);
        return [.. All(report, request, stages).OfType<InputDifference>()];
    }

    private static IEnumerable<InputDifference?> All(AuditReport report, AuditRequest request, AuditStages stages)
    {
        var inputs = request.Inputs;
        var picture = inputs.Images[0];
        yield return Compare("the audited picture", picture, report.Query.Sha256, HashOf(request.Resolve(picture)));
        if (request.Options.Region?.Mask is { } mask)
            yield return Compare("the mask", mask, report.Query.Region?.MaskSha256, HashOf(request.Resolve(mask)));
        if (inputs.Encoder is { } encoder)
            yield return Compare("the image encoder", encoder.Name, report.Encoder?.Sha256, encoder.Sha256);
        if (request.Options.Gradients.Metric is { } metric)
            yield return Compare("the metric of gradients", "", report.Method.MetricSha256, metric.Sha256);

        using var model = AuditedModel.Load(inputs.Model, request.Machine.Device);
        var weights = stages.Run("model", () => model.WeightsSha256);
        yield return Compare("the model", inputs.Model.Path, report.Model.WeightsSha256, weights);

        var takesCaptions = model.Model.TakesCaptions();
        var pool = AuditMaterial.LoadPool(request, takesCaptions, stages);
        yield return Compare("the dataset", inputs.Dataset, report.Dataset.Root, pool.Members.Root);
        if (takesCaptions)
            yield return Compare(
                "the captions of the dataset",
                inputs.Dataset,
                report.Dataset.Captions?.Sha256,
                CaptionsInfo.Of(pool.Members).Sha256
            );
        if (pool.Decoys is { } decoys)
            yield return Compare("the decoys", inputs.Decoys!, report.Evidence?.Decoys?.Root, decoys.Root);
    }

    // What an older report does not name cannot differ.
    private static InputDifference? Compare(string input, string path, string? expected, string found) =>
        expected is null || expected == found ? null : new(input, path, expected, found);

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
