using System.Text;
using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Files;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;
using DasAudit.Evidence.Proofs;

namespace DasAudit.Evidence.Bundles;

/// <summary>Makes the parts of a bundle; the same report gives the same bytes.</summary>
internal static class BundleBuilder
{
    /// <summary>The parts of a bundle of a report.</summary>
    /// <param name="record">Its place in the chain of its store; null if that has none.</param>
    /// <param name="dataset">Null where the dataset was not read.</param>
    /// <param name="modelSignature">The model's own signature; null for none.</param>
    internal static BundleContents Build(
        StoredReport report,
        BundledRecord? record,
        DatasetRoots? dataset,
        byte[]? modelSignature
    )
    {
        var json = Text(report, new JsonExporter());
        List<BundlePart> parts =
        [
            new(BundleNames.ReadMe, Encoding.UTF8.GetBytes(BundleNames.ReadMeText)),
            new(BundleNames.Report, json),
            new(BundleNames.Html, Text(report, new HtmlExporter())),
            new(BundleNames.Csv, Text(report, new CsvExporter())),
            new(BundleNames.Parquet, ParquetTable.Of(report.Report)),
        ];
        if (record is not null)
            parts.Add(new(BundleNames.Record, CanonicalJson.Serialize(record)));
        if (dataset is not null)
            parts.Add(new(BundleNames.Dataset, CanonicalJson.Serialize(dataset)));
        if (modelSignature is not null)
            parts.Add(new(BundleNames.ModelSignature, modelSignature));
        var licenses = Licenses(report.Report).ToLookup(id => LicenseTexts.Find(id) is not null);
        parts.AddRange(licenses[true].Select(id => new BundlePart(BundleNames.License(id), LicenseTexts.Find(id)!)));
        parts.AddRange(Pictures(report));
        return new()
        {
            Parts = parts,
            Manifest = BundleManifest.Of(report.Report.Id, parts),
            Report = report.Report,
            ReportJson = json,
            Record = record,
            Dataset = dataset,
            ModelSignature = modelSignature,
            LicensesWithoutText = [.. licenses[false]],
        };
    }

    private static byte[] Text(StoredReport report, IReportExporter exporter)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        exporter.Export(report, writer);
        return Encoding.UTF8.GetBytes(writer.ToString());
    }

    // What is no known licence is listed as it stands.
    private static List<string> Licenses(AuditReport report) =>
        [
            .. report
                .Attributions.Select(picture => picture.License)
                .OfType<string>()
                .SelectMany(license => NamedLicenses.Of(license) is { Count: > 0 } named ? named : [license])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<BundlePart> Pictures(StoredReport report) =>
        report
            .Thumbnails.Values.Select(png => new BundlePart("", png))
            .Select(part => part with { Name = BundleNames.Picture(part.Sha256) })
            .DistinctBy(part => part.Name)
            .OrderBy(part => part.Name, StringComparer.Ordinal);
}
