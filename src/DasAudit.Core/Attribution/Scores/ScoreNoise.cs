using System.Text.Json.Serialization;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>What chance has a part in scores.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreNoise>))]
public enum ScoreNoise
{
    /// <summary>The noise that pictures are mixed with: each draw gives scores of its own.</summary>
    [JsonStringEnumMemberName("drawn")]
    Drawn,

    /// <summary>Which pictures a retrained model saw; noise draws are averaged before there are scores.</summary>
    [JsonStringEnumMemberName("averaged")]
    Averaged,

    /// <summary>Scores are random numbers themselves.</summary>
    [JsonStringEnumMemberName("random")]
    Random,

    /// <summary>None.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
