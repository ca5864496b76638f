using System.Text.Json.Serialization;

namespace DasAudit.Core.Training;

/// <summary>What training keeps so that its end can be replayed.</summary>
public abstract record KeptStateOptions
{
    /// <summary>
    /// The part of the run, in (0, 1), after which all that training changes is kept in <see cref="KeptState"/>.
    /// Default null: nothing is kept.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? KeepState { get; init; }
}
