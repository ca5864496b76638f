using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>What a record of a store is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordKind>))]
public enum RecordKind
{
    /// <summary>A report.</summary>
    [JsonStringEnumMemberName("report")]
    Report,

    /// <summary>An evaluation.</summary>
    [JsonStringEnumMemberName("evaluation")]
    Evaluation,
}
