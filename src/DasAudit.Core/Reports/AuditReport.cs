using System.Text.Json.Serialization;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Candidates;
using DasAudit.Core.Models;

namespace DasAudit.Core.Reports;

/// <summary>What an audit found, and all that it depends on: the document <c>das-audit/report/1</c>.</summary>
public sealed record AuditReport
{
    /// <summary>The document's schema.</summary>
    public const string SchemaId = "das-audit/report/1";

    /// <summary>Always <see cref="SchemaId"/>.</summary>
    public string Schema { get; init; } = SchemaId;

    /// <summary>A ULID.</summary>
    public required string Id { get; init; }

    /// <summary>When the audit began, UTC, to the millisecond.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>The program.</summary>
    public required ToolInfo Tool { get; init; }

    /// <summary>The person or organisation that made it, as they said; null where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Auditor { get; init; }

    /// <summary>The audited picture.</summary>
    public required QueryInfo Query { get; init; }

    /// <summary>The model that made it.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>The pictures the model was trained on.</summary>
    public required DatasetInfo Dataset { get; init; }

    /// <summary>The image encoder; null if none was used.</summary>
    public EncoderInfo? Encoder { get; init; }

    /// <summary>The method with every setting that changes the result.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>What the scores are estimates of; null in reports of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EstimandInfo? Estimand { get; init; }

    /// <summary>Which training pictures were looked at.</summary>
    public required CandidatesInfo Candidates { get; init; }

    /// <summary>The pictures that the query is most owed to, by falling score.</summary>
    public required IReadOnlyList<AttributedPicture> Attributions { get; init; }

    /// <summary>The group key, such as <c>rights-holder</c>.</summary>
    public required string GroupedBy { get; init; }

    /// <summary>Shares by group over all candidates, largest first; empty for scores that say nothing.</summary>
    public required IReadOnlyList<GroupShare> Groups { get; init; }

    /// <summary>What is said on the use of the listed pictures; null where nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RightsInfo? Rights { get; init; }

    /// <summary>What p-values, q-values and words rest on; null where they were not computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvidenceInfo? Evidence { get; init; }

    /// <summary>Other methods beside the report's own; null where none were run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparisonInfo? Comparison { get; init; }

    /// <summary>What other dampings would have given, by rising damping; null without a kernel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DampingPoint>? DampingCurve { get; init; }

    /// <summary>How much the place in a band of dampings matters; null where the damping is a single one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DampingBandInfo? DampingBand { get; init; }

    /// <summary>The few pictures that matter most when taken together; null where they were not sought.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SubsetInfo? Subset { get; init; }

    /// <summary>
    /// What evaluations of this model on this dataset found about the report's methods, newest first; null where none
    /// was stored.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<QuotedEvaluation>? Evaluations { get; init; }

    /// <summary>Where it ran.</summary>
    public required EnvironmentInfo Environment { get; init; }

    /// <summary>Seconds by stage.</summary>
    public required IReadOnlyDictionary<string, double> Timings { get; init; }

    /// <summary>What the reader must know before leaning on the figures; plain sentences.</summary>
    public required IReadOnlyList<string> Limits { get; init; }
}

/// <summary>The program that made a report.</summary>
public sealed record ToolInfo(string Version, string Commit);

/// <summary>The audited picture.</summary>
/// <param name="Path">As given.</param>
/// <param name="Sha256">Of the file's bytes.</param>
/// <param name="PixelSha256">Of the decoded pixels; see <see cref="Datasets.TrainingItem.PixelSha256"/>.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public sealed record QueryInfo(string Path, string Sha256, string PixelSha256, int Width, int Height)
{
    /// <summary>The part of the picture that was asked about; null for all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RegionInfo? Region { get; init; }

    /// <summary>What <see cref="StoredReport.Thumbnails"/> knows the picture by that shows the region.</summary>
    [JsonIgnore]
    public string RegionThumbnail => Sha256 + "/region";

    /// <summary>What <see cref="StoredReport.Thumbnails"/> knows the picture by that a report begins with.</summary>
    [JsonIgnore]
    public string ShownThumbnail => Region is null ? Sha256 : RegionThumbnail;

    /// <summary>The prompt as the model was given it, perhaps empty; null for models that take no captions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prompt { get; init; }

    /// <summary>Where <see cref="Prompt"/> comes from; null for models that take no captions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PromptSource { get; init; }

    /// <summary>How it says that it was sampled; null where it says nothing, or for models without captions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatedSampling? Sampling { get; init; }
}

/// <summary>A part of the audited picture, in pixels from its left upper corner.</summary>
/// <param name="X">First column of the smallest rectangle that holds it.</param>
/// <param name="Y">First row of that rectangle.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Share">The part of the picture's pixels that are in the region, above 0 and at most 1.</param>
public sealed record RegionInfo(int X, int Y, int Width, int Height, double Share)
{
    /// <summary>The picture that says which pixels are in it, as given; null where all of the rectangle are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mask { get; init; }

    /// <summary>SHA-256 of the mask's file; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MaskSha256 { get; init; }
}

/// <summary>The attributed model.</summary>
/// <param name="Adapter">Name of the adapter that loaded it.</param>
/// <param name="AdapterVersion">Version of the adapter's assembly.</param>
/// <param name="AdapterSha256">SHA-256 of the adapter's assembly.</param>
/// <param name="Path">As given.</param>
/// <param name="WeightsSha256">See <see cref="Models.ModelSource.Hash"/>.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="AttributedParameters">Those that were looked at; 0 for methods that do not look at the model.</param>
public sealed record ModelInfo(
    string Adapter,
    string AdapterVersion,
    string AdapterSha256,
    string Path,
    string WeightsSha256,
    long Parameters,
    long AttributedParameters
)
{
    /// <summary>What <see cref="ScheduleSource"/> says where nothing states the schedule.</summary>
    public const string AssumedSchedule = "assumed";

    /// <summary>The noise schedule, for a person; null in reports of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Schedule { get; init; }

    /// <summary>epsilon, v_prediction or sample; null in reports of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PredictionType { get; init; }

    /// <summary>
    /// What states both: a file, a setting, or <see cref="AssumedSchedule"/>; null in reports of earlier versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ScheduleSource { get; init; }

    /// <summary>
    /// The files that <see cref="WeightsSha256"/> is over, in its order; null in reports of earlier versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelFile>? Files { get; init; }

    /// <summary>What was asked for beside the checkpoint; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelAdditions? With { get; init; }
}

/// <summary>The training set.</summary>
/// <param name="Path">As given.</param>
/// <param name="Root">Merkle root over (relative path, SHA-256).</param>
/// <param name="Count">Number of pictures.</param>
/// <param name="Skipped">Number of files that looked like pictures and were left out.</param>
public sealed record DatasetInfo(string Path, string Root, int Count, int Skipped)
{
    /// <summary>The split that was asked for, <c>all</c> for all pictures; null if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Split { get; init; }

    /// <summary>Whether pictures that the metadata do not list were left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ListedOnly { get; init; }

    /// <summary>What showed where pictures are transparent, as <c>black</c>; null for white or if none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Background { get; init; }

    /// <summary>The captions; null for models that take none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CaptionsInfo? Captions { get; init; }

    /// <summary>
    /// How pictures of other sizes were made ones of the model's: crop, squash, pad or bucket; null where nobody asked
    /// and the model takes no captions, which is crop.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resize { get; init; }

    /// <summary>How the hashes were had; null where every file was read for this report.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HashesInfo? Hashes { get; init; }
}

/// <summary>How the hashes of a dataset's pictures were had.</summary>
/// <param name="From">Always <c>index</c>.</param>
/// <param name="Indexed">When the first of the files that were not read again had been read, UTC.</param>
/// <param name="Files">Number of files that were not read again, because they had not changed.</param>
/// <param name="Anew">Number of files that were read for this report.</param>
public sealed record HashesInfo(string From, DateTimeOffset Indexed, int Files, int Anew);

/// <summary>The image encoder.</summary>
public sealed record EncoderInfo(string Name, string Sha256)
{
    /// <summary>How pictures are prepared for it, in one line; null in older reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preprocessing { get; init; }

    /// <summary>The file that says so, relative to the encoder, or the setting; null in older reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PreprocessingSource { get; init; }

    /// <summary>The GPU that it ran on, such as <c>cuda:0</c>; null for the processor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }
}

/// <summary>The candidates.</summary>
/// <param name="Count">How many training pictures were scored.</param>
/// <param name="Tiers">How many each tier brought in; a picture can stand in several.</param>
public sealed record CandidatesInfo(int Count, IReadOnlyList<TierCount> Tiers);

/// <summary>Where an audit ran.</summary>
public sealed record EnvironmentInfo(string Os, string Runtime, string Libtorch, string Device, int Threads);
