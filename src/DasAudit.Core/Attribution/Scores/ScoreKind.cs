using System.Text.Json.Serialization;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>What scores are evidence of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreKind>))]
public enum ScoreKind
{
    /// <summary>That the model makes the query as it does because it saw the training picture.</summary>
    [JsonStringEnumMemberName("influence")]
    Influence,

    /// <summary>That the two pictures are alike, whatever the model learnt from either.</summary>
    [JsonStringEnumMemberName("resemblance")]
    Resemblance,

    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("chance")]
    Chance,
}
