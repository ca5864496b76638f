using System.Text.Json.Serialization;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>What a statement on the use of a picture comes to, for training; the first weighs most.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignalStance>))]
public enum SignalStance
{
    /// <summary>Training on it, or mining it, is refused.</summary>
    [JsonStringEnumMemberName("opt-out")]
    OptOut,

    /// <summary>There are conditions, which a person must read.</summary>
    [JsonStringEnumMemberName("conditions")]
    Conditions,

    /// <summary>It says nothing of training, or nothing that this program understands.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>It is allowed.</summary>
    [JsonStringEnumMemberName("allowed")]
    Allowed,
}
