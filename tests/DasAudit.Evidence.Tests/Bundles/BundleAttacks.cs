using System.IO.Compression;
using System.Text;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Tests.Bundles;

/// <summary>The attacks on a signed bundle that verifying must reject, and why each is worth trying.</summary>
internal static class BundleAttacks
{
    private const int SymbolicLink = 0xa1ff << 16;

    internal static IReadOnlyList<BundleAttack> All { get; } =
    [
        new(
            "an edited score",
            "A picture gets a smaller score in the report, and nothing else is touched.",
            bundle => bundle.With(BundleNames.Report, EditedReport(bundle)),
            "'report.json' was altered"
        ),
        new(
            "an edited score with the hash recomputed",
            "The manifest and the record are made to fit the edited report; the signature stays.",
            bundle => Written(Edited(bundle), bundle.Envelope),
            "it is about the report"
        ),
        new(
            "an edited score with its statement rewritten",
            "The statement is made to fit the edited report too, under the old signature.",
            bundle =>
            {
                var edited = Edited(bundle);
                var payload = CanonicalJson.Serialize(BundleStatement.Of(edited));
                return Written(edited, bundle.Envelope with { Payload = Convert.ToBase64String(payload) });
            },
            "is not valid"
        ),
        new(
            "a foreign signature",
            "The edited report is signed anew, with a key of the attacker.",
            bundle =>
            {
                using var key = SigningKey.Create();
                var edited = Edited(bundle);
                return Written(edited, BundleWriter.Sign(edited, [key]));
            },
            "it is not signed by the key"
        ),
        new(
            "a foreign signature under the signer's id",
            "The attacker's signature says that it is that of the signer's key.",
            bundle =>
            {
                using var key = SigningKey.Create();
                var edited = Edited(bundle);
                var signature = BundleWriter.Sign(edited, [key])!;
                return Written(
                    edited,
                    signature with
                    {
                        Signatures = [signature.Signatures[0] with { Keyid = bundle.Key.Id }],
                    }
                );
            },
            "is not valid"
        ),
        new(
            "a stripped signature",
            "The signed statement is left out, so that the edited report looks like one that nobody signed.",
            bundle => Written(Edited(bundle), null),
            "it is not signed by the key"
        ),
        new(
            "another bundle's statement",
            "A valid statement of the same key on another report is put in.",
            bundle =>
            {
                var foreign = BundleBuilder.Build(SampleReport.Create(2), null, null, null);
                return Written(bundle.Contents, BundleWriter.Sign(foreign, [bundle.Key]));
            },
            "it is about the report"
        ),
        new(
            "a replaced thumbnail",
            "The small picture of a listed picture is replaced by a harmless one.",
            bundle => bundle.With(Picture(bundle), TinyPng.Create(1, 2, 3)),
            "is another picture than its name says"
        ),
        new(
            "a replaced thumbnail, renamed and listed",
            "The other small picture gets the name and the entry in the manifest that fit it.",
            bundle =>
            {
                var foreign = new BundlePart("", TinyPng.Create(1, 2, 3));
                var part = foreign with { Name = BundleNames.Picture(foreign.Sha256) };
                return Written(Replaced(bundle.Contents, Picture(bundle), part), bundle.Envelope);
            },
            "its small pictures are not those that its record names"
        ),
        new(
            "a removed part",
            "The record is taken out, so that the report has no place in the chain.",
            bundle => StoredZip.Write([.. bundle.Parts.Where(part => part.Name != BundleNames.Record)]),
            "'record.json' is missing"
        ),
        new(
            "two parts swapped",
            "The page and the table change places.",
            bundle =>
            {
                var (html, csv) = (bundle.Part(BundleNames.Html), bundle.Part(BundleNames.Csv));
                return StoredZip.Write([
                    .. bundle.Parts.Select(part =>
                        part.Name == BundleNames.Html ? part with { Bytes = csv }
                        : part.Name == BundleNames.Csv ? part with { Bytes = html }
                        : part
                    ),
                ]);
            },
            "'report.html' was altered"
        ),
        new(
            "a name with ../",
            "A file would be written outside the folder that the bundle is unpacked to.",
            bundle => StoredZip.Write([.. bundle.Parts, new("../../.bashrc", [1])]),
            "a name that leads out of a folder"
        ),
        new(
            "an absolute name",
            "A file would be written to a place of the attacker's choice.",
            bundle => StoredZip.Write([.. bundle.Parts, new("/etc/passwd", [1])]),
            "a name that leads out of a folder"
        ),
        new(
            "a duplicate name",
            "One reader shows the first report.json, another the second.",
            bundle => StoredZip.Write([.. bundle.Parts, new(BundleNames.Report, EditedReport(bundle))]),
            "it holds 'report.json' twice"
        ),
        new(
            "a name in other case",
            "On some systems the second file takes the first one's place.",
            bundle => StoredZip.Write([.. bundle.Parts, new("Report.json", [1])]),
            "it holds 'Report.json', which no bundle does"
        ),
        new(
            "a further file",
            "Something that the signer never saw travels with the bundle.",
            bundle => StoredZip.Write([.. bundle.Parts, new("notes.txt", [1])]),
            "it holds 'notes.txt', which no bundle does"
        ),
        new(
            "a bomb",
            "A few kilobytes unpack to a gigabyte.",
            _ =>
                Zipped(zip =>
                {
                    using var stream = zip.CreateEntry(BundleNames.Report, CompressionLevel.Optimal).Open();
                    for (var i = 0; i < 64; i++)
                        stream.Write(new byte[1 << 20]);
                }),
            "'report.json' is compressed"
        ),
        new(
            "a thousand times more files than allowed",
            "Listing the files takes all memory.",
            _ => StoredZip.Write([.. Enumerable.Range(0, 20_000).Select(i => new BundlePart($"licenses/{i}.txt", []))]),
            "it holds 20000 files"
        ),
        new(
            "a symlink",
            "Whoever unpacks the bundle reads a file of his own as the report.",
            _ =>
                Zipped(zip =>
                {
                    var entry = zip.CreateEntry(BundleNames.Report, CompressionLevel.NoCompression);
                    entry.ExternalAttributes = SymbolicLink;
                    using var stream = entry.Open();
                    stream.Write("/etc/passwd"u8);
                }),
            "'report.json' in it is a link"
        ),
        new(
            "a comment and a program before the zip",
            "The file is a bundle to one program and something else to another.",
            bundle => [.. "#!/bin/sh\n"u8, .. bundle.File],
            ""
        ),
        new("bytes after the end", "Something hides behind the zip file.", bundle => [.. bundle.File, 0], ""),
        new("a cut file", "The end is missing, and with it what contradicts.", bundle => bundle.File[..^100], ""),
        new("an empty file", "Nothing is there to contradict.", _ => [], ""),
    ];

    /// <summary>A bundle's contents with a smaller score, manifest and record made to fit.</summary>
    internal static BundleContents Edited(SampleBundle bundle)
    {
        var report = ReportJson.Deserialize(Encoding.UTF8.GetString(EditedReport(bundle)));
        var place = bundle.Contents.Record!;
        var record = place.Record with { Sha256 = CanonicalJson.Sha256(EditedReport(bundle)) };
        var thumbnails = SampleReport.Create(1).Thumbnails;
        return BundleBuilder.Build(new(report, thumbnails), place with { Record = record }, null, null);
    }

    private static byte[] EditedReport(SampleBundle bundle)
    {
        var report = bundle.Contents.Report;
        var first = report.Attributions[0] with { Score = report.Attributions[0].Score / 10 };
        var edited = report with { Attributions = [first, .. report.Attributions.Skip(1)] };
        return Encoding.UTF8.GetBytes(ReportJson.Serialize(edited));
    }

    private static byte[] Written(BundleContents contents, DsseEnvelope? envelope) =>
        BundleWriter.Write(contents, envelope, null);

    private static string Picture(SampleBundle bundle) => bundle.Parts.First(p => BundleNames.IsPicture(p.Name)).Name;

    private static BundleContents Replaced(BundleContents contents, string name, BundlePart foreign)
    {
        List<BundlePart> parts = [.. contents.Parts.Select(part => part.Name == name ? foreign : part)];
        return contents with { Parts = parts, Manifest = BundleManifest.Of(contents.Report.Id, parts) };
    }

    private static byte[] Zipped(Action<ZipArchive> fill)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            fill(zip);
        return file.ToArray();
    }
}
