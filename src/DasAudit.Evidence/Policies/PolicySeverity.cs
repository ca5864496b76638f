using System.Text.Json.Serialization;

namespace DasAudit.Evidence.Policies;

/// <summary>What a finding does: an error fails a build, a warning and a note do not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PolicySeverity>))]
internal enum PolicySeverity
{
    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("note")]
    Note,

    /// <summary>Somebody should look at it.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>A build must not go on.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}

/// <summary>The words of severities, as policies and their findings have them.</summary>
internal static class SeverityNames
{
    internal static string Name(this PolicySeverity severity) =>
        severity switch
        {
            PolicySeverity.Error => "error",
            PolicySeverity.Warning => "warning",
            _ => "note",
        };
}
