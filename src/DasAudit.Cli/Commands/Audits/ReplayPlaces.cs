using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Where the inputs of an audit lie that is run again; paths as written.</summary>
internal sealed record ReplayPlaces
{
    private const string SplitPrefix = "split:";

    public required string Image { get; init; }

    public required string Model { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Null where the command line does not say; no report does.</summary>
    public string? Encoder { get; init; }

    /// <summary>A folder, or a split of the dataset; null for none.</summary>
    public string? Decoys { get; init; }

    /// <summary>Null where the command line does not say; no report does.</summary>
    public string? NullQueries { get; init; }

    /// <summary>Empty where the command line does not say; no report does.</summary>
    public IReadOnlyList<string> Retrained { get; init; } = [];

    public IReadOnlyList<LoraFile> Loras { get; init; } = [];

    public string? Config { get; init; }

    /// <summary>Of the region; null for none.</summary>
    public string? Mask { get; init; }

    /// <summary>Null where the command line does not say; no report does.</summary>
    public string? Metric { get; init; }

    /// <summary>What is not there, or nobody says where, as parts of a sentence.</summary>
    public IReadOnlyList<string> Missing(AuditReport report, Func<string, string> resolve)
    {
        IEnumerable<string?> missing =
        [
            Absent("the audited picture", "--image", Image, resolve),
            Absent("the model", "--model", Model, resolve),
            .. Loras.Select(lora => Absent("a LoRA", "--lora", lora.Path, resolve)),
            Absent("the model's description", "--model-config", Config, resolve),
            Absent("the dataset", "--dataset", Dataset, resolve),
            Absent("the mask", "--mask", Mask, resolve),
            report.Encoder is null ? null : Unnamed("the image encoder", "--encoder", Encoder, resolve),
            report.Method.MetricSha256 is null ? null : Unnamed("the metric", "--metric", Metric, resolve),
            HasNullQueries(report) ? Unnamed("the null queries", "--null-queries", NullQueries, resolve) : null,
            .. RetrainedModels(report, resolve),
            DecoyFolder is { } decoys ? Absent("the decoys", "--decoys", decoys, resolve) : null,
        ];
        return [.. missing.OfType<string>()];
    }

    private string? DecoyFolder => Decoys?.StartsWith(SplitPrefix, StringComparison.Ordinal) == true ? null : Decoys;

    private IEnumerable<string?> RetrainedModels(AuditReport report, Func<string, string> resolve)
    {
        const string what = "the retrained models";
        if (report.Method.Retrained is null)
            return [];
        return Retrained.Count == 0
            ? [Unnamed(what, "--retrained", null, resolve)]
            : Retrained.Select(folder => Absent(what, "--retrained", folder, resolve));
    }

    public static bool HasNullQueries(AuditReport report) => report.Evidence?.NullPool?.Kind == NullPoolKind.Queries;

    private static string? Unnamed(string what, string option, string? path, Func<string, string> resolve) =>
        path is null ? $"{what} (the report does not say where; {option} does)" : Absent(what, option, path, resolve);

    private static string? Absent(string what, string option, string? path, Func<string, string> resolve) =>
        path is null || Exists(path, resolve) ? null : $"{what} ('{path}' is not there; {option} says where it is now)";

    // A path that somebody wrote into a bundle may be none.
    private static bool Exists(string path, Func<string, string> resolve) =>
        !path.Contains('\0', StringComparison.Ordinal) && Path.Exists(resolve(path));
}
