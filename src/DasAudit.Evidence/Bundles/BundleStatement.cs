using System.Security.Cryptography;
using DasAudit.Core.Files;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>
/// The statement on a bundle. The digest of the model is <see cref="ModelInfo.WeightsSha256"/> and that of the dataset
/// its Merkle root; neither is the SHA-256 of one file, so neither is called <c>sha256</c>.
/// </summary>
internal static class BundleStatement
{
    private const string FileDigest = "sha256";
    private const string ModelDigest = "dasAuditWeights1";
    private const string DatasetDigest = "dasAuditMerkle1";

    /// <summary>The statement that a bundle's parts lead to.</summary>
    internal static Statement<ReportPredicate> Of(BundleContents contents)
    {
        var report = contents.Report;
        List<StatementSubject> subjects =
        [
            Subject(report.Query.Path, FileDigest, report.Query.Sha256),
            Subject(report.Model.Path, ModelDigest, report.Model.WeightsSha256),
            Subject(report.Dataset.Path, DatasetDigest, report.Dataset.Root),
        ];
        if (contents.ModelSignature is { } signature)
            subjects.Add(Subject(BundleNames.ModelSignature, FileDigest, Sha256(signature)));
        return new(Statement<ReportPredicate>.TypeId, subjects, ReportPredicate.TypeId, Predicate(contents));
    }

    private static ReportPredicate Predicate(BundleContents contents) =>
        new()
        {
            Report = new(contents.Report.Id, contents.Report.CreatedUtc, CanonicalJson.Sha256(contents.ReportJson)),
            Manifest = Sha256(contents.Manifest.ToJson()),
            Attributions = new AttributionTree(contents.ReportJson).Root,
            Record = contents.Record is { } place ? new(place.Store, place.Record.Sequence, place.Record.Hash) : null,
            Dataset = contents.Dataset,
        };

    private static StatementSubject Subject(string name, string digest, string value) =>
        new(name, new Dictionary<string, string> { [digest] = value });

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
