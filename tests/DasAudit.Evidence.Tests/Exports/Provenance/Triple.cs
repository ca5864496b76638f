namespace DasAudit.Evidence.Tests.Exports.Provenance;

/// <summary>A statement; IRIs in full, blank nodes as <c>_:n</c>, literals as <c>"text"^^TYPE</c>.</summary>
internal sealed record Triple(string Subject, string Predicate, string Object);
