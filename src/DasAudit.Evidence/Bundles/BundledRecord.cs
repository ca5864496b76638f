namespace DasAudit.Evidence.Bundles;

/// <summary>Where a report stands in the chain of its store.</summary>
/// <param name="Store">The store's id.</param>
internal sealed record BundledRecord(string Store, ChainRecord Record)
{
    /// <summary>Schema of the document.</summary>
    internal const string SchemaId = "das-audit/bundled-record/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;
}
