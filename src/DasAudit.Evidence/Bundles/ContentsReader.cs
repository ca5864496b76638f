using System.Globalization;
using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Evidence.Proofs;

namespace DasAudit.Evidence.Bundles;

/// <summary>Compares the parts of a bundle with its manifest, and with each other.</summary>
internal sealed class ContentsReader(BundleReader bundle)
{
    private readonly List<string> _problems = [];

    /// <summary>What does not fit, as parts of sentences.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>What the bundle is about; null where its manifest or report cannot be read.</summary>
    internal BundleContents? Read()
    {
        if (Parse(BundleNames.Manifest, bytes => BundleManifest.Parse(bytes)) is not { } manifest)
            return null;
        Compare(manifest);
        if (Parse(BundleNames.Report, ReadReport) is not { } report)
            return null;
        if (report.Id != manifest.Id)
            _problems.Add($"its report is '{report.Id}', and its manifest is for '{manifest.Id}'");
        var json = bundle.Find(BundleNames.Report)!;
        return new()
        {
            Parts = [.. bundle.Parts.Where(part => !BundleNames.IsBesideManifest(part.Name))],
            Manifest = manifest,
            Report = report,
            ReportJson = json,
            Record = Has(BundleNames.Record) ? Record(report, json) : null,
            Dataset = Has(BundleNames.Dataset) ? Dataset(report) : null,
            ModelSignature = bundle.Find(BundleNames.ModelSignature),
        };
    }

    private bool Has(string name) => bundle.Find(name) is not null;

    private void Compare(BundleManifest manifest)
    {
        var parts = bundle.Parts.Where(part => !BundleNames.IsBesideManifest(part.Name)).ToList();
        foreach (var listed in manifest.Parts)
        {
            if (parts.Find(part => part.Name == listed.Name) is not { } part)
                _problems.Add($"'{listed.Name}' is missing");
            else if (part.Sha256 != listed.Sha256)
                _problems.Add(
                    $"'{part.Name}' was altered: its hash is {part.Sha256}, and the manifest says {listed.Sha256}"
                );
            else if (part.Bytes.Length != listed.Bytes)
                _problems.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{part.Name}' has {part.Bytes.Length} bytes, and the manifest says {listed.Bytes}"
                    )
                );
        }

        var names = manifest.Parts.Select(part => part.Name).ToList();
        foreach (var part in parts.Where(part => !names.Contains(part.Name, StringComparer.Ordinal)))
            _problems.Add($"'{part.Name}' is not in the manifest");
        if (_problems.Count == 0 && !names.SequenceEqual(parts.Select(part => part.Name), StringComparer.Ordinal))
            _problems.Add("its parts are not in the manifest's order");
        foreach (var part in parts.Where(part => BundleNames.IsPicture(part.Name)))
            if (part.Name != BundleNames.Picture(part.Sha256))
                _problems.Add($"'{part.Name}' is another picture than its name says");
    }

    private BundledRecord? Record(AuditReport report, byte[] json)
    {
        if (Parse(BundleNames.Record, Canonical<BundledRecord>) is not { Record: not null, Store: not null } place)
            return null;
        var record = place.Record;
        if (place.Schema != BundledRecord.SchemaId || record.Schema != ChainRecord.SchemaId)
            _problems.Add("its record is of an unknown kind");
        var sha256 = CanonicalJson.Sha256(json);
        if (record.Kind != RecordKind.Report || record.Id != report.Id)
            _problems.Add($"its record is that of '{record.Id}', and its report is '{report.Id}'");
        if (record.Sha256 != sha256)
            _problems.Add(
                $"its report is not the one that was stored: its hash is {sha256}, and its record says {record.Sha256}"
            );
        var pictures = (record.Pictures?.Values ?? []).Select(BundleNames.Picture).Distinct().ToList();
        var bundled = bundle.Parts.Select(part => part.Name).Where(BundleNames.IsPicture).ToList();
        if (!pictures.Order(StringComparer.Ordinal).SequenceEqual(bundled.Order(StringComparer.Ordinal)))
            _problems.Add("its small pictures are not those that its record names");
        return place;
    }

    private DatasetRoots? Dataset(AuditReport report)
    {
        var roots = Parse(BundleNames.Dataset, Canonical<DatasetRoots>);
        if (roots is { Root: not null, Files: not null, Pixels: not null, Schema: DatasetRoots.SchemaId })
        {
            if (roots.Root != report.Dataset.Root)
                _problems.Add("'dataset.json' is about another dataset than its report");
            return roots;
        }

        _problems.Add("'dataset.json' is not what was written");
        return null;
    }

    private T? Parse<T>(string name, Func<byte[], T> parse)
        where T : class
    {
        if (bundle.Find(name) is not { } bytes)
        {
            _problems.Add($"'{name}' is missing");
            return null;
        }

        try
        {
            return parse(bytes);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            _problems.Add($"'{name}' is not what was written");
            return null;
        }
    }

    private static AuditReport ReadReport(byte[] bytes)
    {
        var report = ReportJson.Deserialize(bytes);
        _ = new AttributionTree(bytes);
        return report;
    }

    private static T Canonical<T>(byte[] bytes)
    {
        var value = JsonSerializer.Deserialize<T>(bytes, JsonDocuments.Options);
        return value is not null && bytes.AsSpan().SequenceEqual(CanonicalJson.Serialize(value))
            ? value
            : throw new JsonException("The document is not in canonical form.");
    }
}
