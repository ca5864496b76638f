using System.Text.Json.Serialization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Reports;

/// <summary>What the scores of a report are and what they are evidence of, as the method describes itself.</summary>
public sealed record ScoreInfo
{
    /// <summary>The method's name in the field.</summary>
    public required string Title { get; init; }

    /// <summary>What the scores are evidence of.</summary>
    public required ScoreKind Kind { get; init; }

    /// <summary>What the method looks at, such as <c>gradients</c>: <see cref="MethodNeeds.LooksAt"/>.</summary>
    public required IReadOnlyList<string> LooksAt { get; init; }

    /// <summary>Whether the model has a part in the scores.</summary>
    public required bool LooksAtModel { get; init; }

    /// <summary>What a score is; whole sentences.</summary>
    public required string Meaning { get; init; }

    /// <summary>The scale that scores stand on; a whole sentence.</summary>
    public required string Scale { get; init; }

    /// <summary>What a larger score means, after "a larger score means that".</summary>
    public required string LargerMeans { get; init; }

    /// <summary>How pictures that help are told from those that hinder.</summary>
    public required ScoreDirection Direction { get; init; }

    /// <summary>What chance has a part in the scores.</summary>
    public required ScoreNoise Noise { get; init; }

    /// <summary>What adds up over a group: <c>changes</c>, whose sum is squared, or <c>scores</c> themselves.</summary>
    public required string AddsUp { get; init; }

    /// <summary>Whether <see cref="AddsUp"/> is changes.</summary>
    [JsonIgnore]
    public bool ChangesAddUp => AddsUp == "changes";

    /// <summary>Whether single gradients are what was looked at.</summary>
    [JsonIgnore]
    public bool LooksAtGradients => LooksAt.Contains(MethodNeeds.Gradients);

    /// <summary>Whether models trained again on parts of the dataset are what was looked at.</summary>
    [JsonIgnore]
    public bool LooksAtRetrainedModels => LooksAt.Contains(MethodNeeds.OtherModels);

    /// <summary>Whether what was looked at is projected to fewer dimensions.</summary>
    [JsonIgnore]
    public bool Projects => LooksAtGradients || LooksAt.Contains(MethodNeeds.InnerActivations);

    /// <summary>Whether embeddings are what was looked at.</summary>
    [JsonIgnore]
    public bool LooksAtEmbeddings => LooksAt.Contains(MethodNeeds.EncoderEmbeddings);

    /// <summary>What a method says of itself.</summary>
    public static ScoreInfo Of(IAttributionMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var description = method.Description;
        return new()
        {
            Title = description.Title,
            Kind = description.Scores.Kind,
            LooksAt = method.Needs.LooksAt,
            LooksAtModel = method.Needs.LooksAtModel,
            Meaning = description.Scores.Meaning,
            Scale = description.Scores.Scale,
            LargerMeans = description.Scores.LargerMeans,
            Direction = description.Scores.Direction,
            Noise = description.Scores.Noise,
            AddsUp = description.Scores.ChangesAddUp ? "changes" : "scores",
        };
    }

    /// <summary>What the scores of a report are; for earlier reports, what the method says of itself now.</summary>
    public static ScoreInfo Of(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Scores is { } scores)
            return scores;
        return MethodCatalog.All.FirstOrDefault(known => known.Description.Id == method.Id) is { } known
            ? Of(known)
            : Unknown(method.Id);
    }

    private static ScoreInfo Unknown(string id) =>
        new()
        {
            Title = id,
            Kind = ScoreKind.Influence,
            LooksAt = [MethodNeeds.Gradients],
            LooksAtModel = true,
            Meaning =
                "How strongly the method relates the training picture to the audited picture; "
                + "this report does not say how it comes to it.",
            Scale = "Compare scores within this report only.",
            LargerMeans = "the method ranks the training picture higher",
            Direction = ScoreDirection.None,
            Noise = ScoreNoise.Drawn,
            AddsUp = "scores",
        };
}
