namespace DasAudit.Cli.Settings;

/// <summary>What the settings of one invocation came to.</summary>
internal sealed class SettingValues(IReadOnlyDictionary<ISetting, SettingValue> values)
{
    public T Get<T>(Setting<T> setting) => (T)values[setting].Value!;

    /// <summary><c>--top</c>, <c>DASAUDIT_TOP</c> or <c>'audit.top' in das-audit.json</c>; null: the default.</summary>
    public string? Source(ISetting setting) => values[setting].Source;
}

/// <summary>A value and where it stands; null for the default.</summary>
internal readonly record struct SettingValue(object? Value, string? Source);
