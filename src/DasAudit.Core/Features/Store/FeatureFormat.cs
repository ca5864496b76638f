using System.Text.Json.Serialization;

namespace DasAudit.Core.Features.Store;

/// <summary>How the values of features are kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureFormat>))]
public enum FeatureFormat
{
    /// <summary>float32, as they were computed.</summary>
    [JsonStringEnumMemberName("f32")]
    F32,

    /// <summary>float16 with a scale a row: half the room, a relative error of 2⁻¹¹ (<see cref="HalfRow"/>).</summary>
    [JsonStringEnumMemberName("f16")]
    F16,
}
