namespace DasAudit.Cli.Settings;

/// <summary>What the settings of one invocation came to.</summary>
/// <param name="values">Value and source of each setting of the command.</param>
internal sealed class SettingValues(IReadOnlyDictionary<ISetting, SettingValue> values)
{
    /// <summary>The value of a setting.</summary>
    public T Get<T>(Setting<T> setting) => (T)values[setting].Value!;

    /// <summary>
    /// Where its value stands, for messages: <c>--top</c>, <c>DASAUDIT_TOP</c>, <c>'audit.top' in das-audit.json</c>;
    /// null for the default.
    /// </summary>
    public string? Source(ISetting setting) => values[setting].Source;
}

/// <summary>A value and where it stands.</summary>
/// <param name="Value">Of the setting's type.</param>
/// <param name="Source">Null for the default.</param>
internal readonly record struct SettingValue(object? Value, string? Source);
