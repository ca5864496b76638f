using System.Text.Json;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>
/// Which pictures need no audit, because a report says what an audit would say again: on the same picture, weights,
/// training pictures and decoys, by the same methods under the same settings. Machines, places and times do not count.
/// </summary>
internal sealed class EarlierReports(AuditPlan plan, AuditedModel model, PicturePool pool)
{
    private readonly Lazy<ModelAdditions?> _additions = new(() => AdditionsReader.Read(model.Source, model.Model));
    private readonly Lazy<CaptionsInfo?> _captions = new(() =>
        model.Model.TakesCaptions() ? CaptionsInfo.Of(pool.Members) : null
    );

    /// <summary>What is said where they do not.</summary>
    public static string NothingToCompare =>
        $"Nothing is left out for {Settings.Name("missing")}: reports do not say enough of audits with "
        + string.Join(
            ", ",
            ((string[])["region", "subset", "background", "null-queries", "retrained", "query-seed"]).Select(
                Settings.Name
            )
        )
        + $" or {Settings.Name("background-color")}.";

    /// <summary>Whether pictures are left out that need no audit; then copies of a file need one report.</summary>
    public bool Asks => Request.Earlier is not null;

    private AuditRequest Request => plan.Request;

    private AuditOptions Options => plan.Options;

    /// <summary>Whether reports say enough of audits like this one to be compared with it.</summary>
    public bool CanBeCompared =>
        Options is { Region: null, Subset: 0, Background: 0 }
        && Request.Inputs is { NullQueries: null, Retrained: [], QuerySeeds: null }
        && Request.Inputs.DatasetOptions.Background == PictureBackground.White;

    /// <summary>Whether one of the request's earlier reports is such a one.</summary>
    public bool Cover(QueryPicture picture)
    {
        if (Request.Earlier is not { } earlier || !CanBeCompared)
            return false;
        return earlier(picture.Picture.Sha256)
            .Any(report =>
                IsOn(report, picture) && IsOfModel(report.Model) && IsOfDataset(report) && HasSettings(report, picture)
            );
    }

    private bool IsOn(AuditReport report, QueryPicture picture)
    {
        var prompt = model.Model.TakesCaptions() ? picture.Prompt.Text : null;
        return report.Query.Sha256 == picture.Picture.Sha256
            && report.Query.Region is null
            && report.Query.Prompt == prompt;
    }

    private bool IsOfModel(ModelInfo reported) =>
        reported.WeightsSha256 == model.WeightsSha256
        && reported.Schedule == ScheduleFacts.Description(model.Model)
        && reported.PredictionType == model.Model.Process.Prediction
        && HasAdditions(reported.With);

    private bool HasAdditions(ModelAdditions? reported)
    {
        var asked = _additions.Value;
        return reported?.Resolution == asked?.Resolution && Loras(reported).SequenceEqual(Loras(asked));

        // Wherever they lie.
        static IEnumerable<(string, double)> Loras(ModelAdditions? additions) =>
            (additions?.Loras ?? []).Select(lora => (lora.Sha256, lora.Weight));
    }

    private bool IsOfDataset(AuditReport report) =>
        report.Dataset.Root == pool.Members.Root
        && report.Dataset.Captions == _captions.Value
        && report.Dataset.Resize == ReportBuilder.Resize(Request.Inputs, model.Model)
        && report.Evidence?.Decoys?.Root == pool.Decoys?.Root;

    // Which checkpoints and draws gradients came from is known only once they are read: then nothing is left out.
    private bool HasSettings(AuditReport report, QueryPicture picture)
    {
        var settings = new MethodSettings(plan, retrained: null, passes: null);
        return MethodsOf(report).SequenceEqual(Options.Methods.Select(any => any.Description.Id))
            && Text(settings.Of(report.Method.DampingValues, picture, background: 0)) == Text(report.Method)
            && report.GroupedBy == Options.GroupBy.Name
            && report.Attributions.Count == Options.Listed(report.Candidates.Count)
            && report.Encoder?.Sha256 == Request.Inputs.Encoder?.Sha256;

        static string Text(MethodInfo method) => JsonSerializer.Serialize(method, JsonDocuments.Options);
    }

    private static IEnumerable<string> MethodsOf(AuditReport report) =>
        report.Comparison is { } comparison ? comparison.Methods.Select(method => method.Id) : [report.Method.Id];
}
