using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Files;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>A report by its hash.</summary>
/// <param name="Sha256">Of its canonical JSON.</param>
internal sealed record NamedReport(string Id, DateTimeOffset CreatedUtc, string Sha256);

/// <summary>A record by its hash.</summary>
/// <param name="Store">Id of the store.</param>
/// <param name="Hash"><see cref="ChainRecord.Hash"/>.</param>
internal sealed record NamedRecord(string Store, long Sequence, string Hash);

/// <summary>What whoever signs a bundle states of the query picture, the model and the dataset.</summary>
internal sealed record ReportPredicate
{
    /// <summary>The type of the predicate.</summary>
    internal const string TypeId = "urn:das-audit:report:1";

    /// <summary>The report.</summary>
    public required NamedReport Report { get; init; }

    /// <summary>SHA-256 of the bundle's manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>The tree over the report's attributions.</summary>
    public required TreeRoot Attributions { get; init; }

    /// <summary>The report's record; null where its store had no chain.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NamedRecord? Record { get; init; }

    /// <summary>Trees over the hashes of the dataset's pictures; null where the dataset was not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatasetRoots? Dataset { get; init; }

    /// <summary>Reads a statement on a report.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    internal static Statement<ReportPredicate> Parse(DsseEnvelope envelope)
    {
        if (envelope.PayloadType != DsseEnvelope.InToto)
            throw new JsonException($"The payload's type is no {DsseEnvelope.InToto}.");
        var statement = JsonSerializer.Deserialize<Statement<ReportPredicate>>(envelope.Content, JsonDocuments.Options);
        return
            statement
                is {
                    Type: Statement<ReportPredicate>.TypeId,
                    PredicateType: TypeId,
                    Subject: not null,
                    Predicate: { Report.Id: not null, Manifest: not null, Attributions: not null }
                }
            ? statement
            : throw new JsonException("The payload is no in-toto statement on a report.");
    }
}
