using System.Text.Json.Serialization;

namespace DasAudit.Core.Uncertainty;

/// <summary>How sure it is that a query is owed to a picture; see <see cref="EvidenceRule"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvidenceStrength>))]
public enum EvidenceStrength
{
    /// <summary>Nothing is shown.</summary>
    [JsonStringEnumMemberName("not established")]
    NotEstablished,

    /// <summary>A hint.</summary>
    [JsonStringEnumMemberName("weak")]
    Weak,

    /// <summary>More than a hint.</summary>
    [JsonStringEnumMemberName("moderate")]
    Moderate,

    /// <summary>As sure as an audit can be.</summary>
    [JsonStringEnumMemberName("strong")]
    Strong,
}

/// <summary>The words of strengths of evidence.</summary>
public static class EvidenceNames
{
    /// <summary>The word itself, as JSON has it.</summary>
    public static string Name(this EvidenceStrength strength) =>
        strength switch
        {
            EvidenceStrength.Strong => "strong",
            EvidenceStrength.Moderate => "moderate",
            EvidenceStrength.Weak => "weak",
            _ => "not established",
        };
}
