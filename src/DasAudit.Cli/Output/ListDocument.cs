namespace DasAudit.Cli.Output;

/// <summary>How lists look in JSON.</summary>
/// <param name="Schema">Such as <c>das-audit/reports/1</c>.</param>
/// <param name="Items">The list.</param>
internal sealed record ListDocument<T>(string Schema, IReadOnlyList<T> Items);
