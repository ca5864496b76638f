namespace DasAudit.Abstractions;

/// <summary>What a conditional model's conditions say.</summary>
public enum ConditionKind
{
    /// <summary>A <see cref="Condition.ClassLabel"/>, which every condition needs.</summary>
    ClassLabel,

    /// <summary>A <see cref="Condition.Caption"/>; a condition without one is the empty prompt.</summary>
    Text,
}
