namespace DasAudit.Cli.Output;

/// <summary>How lists look in JSON; a schema is such as <c>das-audit/reports/1</c>.</summary>
internal sealed record ListDocument<T>(string Schema, IReadOnlyList<T> Items);
