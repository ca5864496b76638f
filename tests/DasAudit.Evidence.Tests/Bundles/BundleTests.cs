using System.IO.Compression;
using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Proofs;
using DasAudit.Evidence.Signatures;
using Parquet;

namespace DasAudit.Evidence.Tests.Bundles;

public sealed class BundleTests : IDisposable
{
    private readonly SampleBundle _bundle = new();

    [Fact]
    public void A_signed_bundle_is_unaltered()
    {
        var verification = _bundle.Verify(_bundle.File);

        Assert.True(verification.IsUnaltered, string.Join('\n', verification.Checks.Select(check => check.What)));
        Assert.Equal(SampleReport.Id(1), verification.Contents!.Report.Id);
        Assert.Equal(2, verification.Contents.Record!.Record.Sequence);
        Assert.Equal([new(_bundle.Key.Id, "lab.pub.pem", true)], verification.Signatures);
    }

    [Fact]
    public void Without_a_key_it_is_consistent_and_no_more()
    {
        var verification = new BundleVerifier([]).Verify(_bundle.File);

        Assert.True(verification.IsConsistent);
        Assert.Null(verification.IsUnaltered);
        Assert.Equal([new(_bundle.Key.Id, null, null)], verification.Signatures);
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes_but_for_the_signature()
    {
        var again = BundleBuilder.Build(SampleReport.Create(1), _bundle.Contents.Record, null, null);
        var envelope = BundleWriter.Sign(again, [_bundle.Key])!;

        Assert.Equal(BundleWriter.Write(_bundle.Contents, null, null), BundleWriter.Write(again, null, null));
        Assert.Equal(_bundle.Envelope.Payload, envelope.Payload);
        Assert.Equal(_bundle.Envelope.Signatures[0].Keyid, envelope.Signatures[0].Keyid);
    }

    [Fact]
    public void Any_zip_reader_finds_all_parts()
    {
        using var zip = new ZipArchive(new MemoryStream(_bundle.File));

        Assert.Equal(
            [
                "manifest.json",
                "README.txt",
                "report.json",
                "report.html",
                "scores.csv",
                "scores.parquet",
                "record.json",
                "licenses/Apache-2.0.txt",
                "licenses/CC-BY-4.0.txt",
                "licenses/CC-BY-SA-4.0.txt",
            ],
            zip.Entries.Select(entry => entry.FullName).Take(10)
        );
        Assert.Equal("statement.dsse.json", zip.Entries[^1].FullName);
        using var reader = new StreamReader(zip.GetEntry("report.json")!.Open());
        Assert.Equal(ReportJson.Serialize(SampleReport.Create(1).Report), reader.ReadToEnd());
    }

    [Fact]
    public async Task The_parquet_table_holds_what_the_csv_table_does()
    {
        using var file = new MemoryStream(_bundle.Part(BundleNames.Parquet));
        await using var reader = await ParquetReader.CreateAsync(
            file,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var header = Encoding.UTF8.GetString(_bundle.Part(BundleNames.Csv)).Split('\n')[0];

        Assert.Equal(header, string.Join(',', reader.Schema.DataFields.Select(field => field.Name)));
        Assert.Equal(5, reader.OpenRowGroupReader(0).RowCount);
    }

    [Fact]
    public void A_licence_without_a_known_text_is_named()
    {
        var sample = SampleReport.Create(1);
        var strange = sample.Report.Attributions[0] with { License = "Nobody's-1.0" };
        var report = sample.Report with { Attributions = [strange] };

        var contents = BundleBuilder.Build(sample with { Report = report }, null, null, null);

        Assert.Equal(["Nobody's-1.0"], contents.LicensesWithoutText);
    }

    [Fact]
    public void Two_people_sign()
    {
        using var second = SigningKey.Create();
        using var publicSecond = VerificationKey.Parse(second.PublicPem, "counsel.pub.pem");
        var envelope = BundleWriter.Sign(_bundle.Contents, [_bundle.Key, second, second]);
        var file = BundleWriter.Write(_bundle.Contents, envelope, null);

        Assert.Equal(2, envelope!.Signatures.Count);
        Assert.True(new BundleVerifier([_bundle.Public, publicSecond]).Verify(file).IsUnaltered);
        Assert.False(new BundleVerifier([_bundle.Public, publicSecond]).Verify(_bundle.File).IsUnaltered);
    }

    [Fact]
    public void Trees_of_another_dataset_are_noticed()
    {
        var roots = new DatasetRoots("of another", new(1, "a"), new(1, "b"));
        var contents = BundleBuilder.Build(SampleReport.Create(1), _bundle.Contents.Record, roots, null);
        var file = BundleWriter.Write(contents, BundleWriter.Sign(contents, [_bundle.Key]), null);

        var check = Assert.Single(_bundle.Verify(file).Checks, check => check.Passed == false);
        Assert.Contains("another dataset", check.What, StringComparison.Ordinal);
    }

    public void Dispose() => _bundle.Dispose();
}
