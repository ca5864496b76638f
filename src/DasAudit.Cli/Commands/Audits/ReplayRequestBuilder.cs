using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Native;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Makes the request of the audit that a report is of.</summary>
internal static class ReplayRequestBuilder
{
    private const string GivenPrompt = "--prompt";
    private const string GivenSchedule = "--schedule ";
    private const string GivenPreprocessing = "--preprocess ";

    /// <summary>How pictures were prepared for the encoder, where that was asked for; else null.</summary>
    public static string? Preprocessing(AuditReport report) =>
        Given(report.Encoder?.PreprocessingSource, GivenPreprocessing);

    /// <summary>Makes it. The encoder stays the caller's. Nothing kept of earlier runs is used.</summary>
    public static AuditRequest Build(
        AuditReport report,
        ReplayPlaces places,
        ReplaySettings settings,
        Invocation invocation,
        TorchSession session,
        IImageEncoder? encoder
    )
    {
        var metric = places.Metric is { } file ? AdamMetric.Open(invocation.Resolve(file)) : null;
        return new()
        {
            Inputs = new()
            {
                Images = [places.Image],
                Model = Model(report, places, invocation),
                Dataset = places.Dataset,
                DatasetOptions = new()
                {
                    Split = report.Dataset.Split,
                    ListedOnly = report.Dataset.ListedOnly,
                    Background = ReportedDataset.Background(report),
                    Resize = Resize(report.Dataset.Resize),
                    Captions = settings.Captions(invocation),
                },
                Decoys = places.Decoys,
                NullQueries = places.NullQueries,
                Retrained = places.Retrained,
                Encoder = encoder,
                QueryClasses = report.Method.QueryClass is { } label ? [label] : [],
                Prompts = Prompts(report.Query),
                QuerySeeds = settings.Seeds(invocation),
            },
            Options = ReportedOptions.Of(report, metric, places.Mask),
            Machine = new()
            {
                Device = session.Device,
                Threads = session.Environment.Threads,
                WorkingDirectory = invocation.Surroundings.WorkingDirectory,
            },
            Provenance = new(ToolVersion.Current, session.Environment),
        };
    }

    private static ModelSource Model(AuditReport report, ReplayPlaces places, Invocation invocation) =>
        AdapterSelection.ModelAsStated(invocation, places.Model, report.Model.Adapter) with
        {
            Schedule = Given(report.Model.ScheduleSource, GivenSchedule),
            ModelConfig = places.Config,
            Loras = places.Loras,
            Resolution = report.Model.With?.Resolution,
        };

    private static ResizeMode Resize(string? mode) =>
        mode is null ? ResizeMode.Crop : Enum.Parse<ResizeMode>(mode, ignoreCase: true);

    // A prompt that the picture states is read off it again.
    private static GivenPrompts Prompts(QueryInfo query) =>
        query.Prompt is null
            ? new()
            : new()
            {
                Prompt = query.PromptSource == GivenPrompt ? query.Prompt : null,
                Negative = query.Sampling?.NegativePrompt,
            };

    private static string? Given(string? source, string beginning) =>
        source?.StartsWith(beginning, StringComparison.Ordinal) == true ? source[beginning.Length..] : null;
}
