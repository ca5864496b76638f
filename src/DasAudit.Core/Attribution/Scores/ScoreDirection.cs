using System.Text.Json.Serialization;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>How a method tells training pictures that help to make the query from those that work against it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreDirection>))]
public enum ScoreDirection
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>By the sign of the score.</summary>
    [JsonStringEnumMemberName("sign")]
    Sign,

    /// <summary>By a sign beside the score, <see cref="QueryScores.Directions"/>.</summary>
    [JsonStringEnumMemberName("beside")]
    Beside,
}
