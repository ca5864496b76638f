using System.IO.Compression;
using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Evidence.Tests.Store.Copies;

public sealed class TamperedExportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TamperedExportTests()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 0; number < 5; number++)
            store.Add(SampleReport.Create(number));
    }

    private string Path => _folder["audits.db"];

    private string Target => _folder["restored.db"];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Tampered =>
        new()
        {
            { "a removed record", "records/00000003.json", "is missing" },
            { "a removed report", "reports/REPORT.json", "is missing" },
            { "a removed picture", "pictures/PICTURE.png", "is missing" },
            { "an edited record", "records/00000003.json", "was altered: its hash is" },
            { "an edited report", "reports/REPORT.json", "was altered: its hash is" },
            { "an edited picture", "pictures/PICTURE.png", "is not what was written" },
            { "an edited head", "head.json", "record 1 is that of another store" },
        };

    [Theory]
    [MemberData(nameof(Tampered))]
    public void A_tampered_export_makes_no_store(string attack, string file, string what)
    {
        foreach (var isZip in new[] { false, true })
        {
            StoreExport.Write(Connect(Path), _folder["export"], null);
            var picture = System.IO.Path.GetFileNameWithoutExtension(Directory.GetFiles(_folder["export/pictures"])[0]);
            var path = _folder[
                "export/"
                    + file.Replace("REPORT", SampleReport.Id(2), StringComparison.Ordinal)
                        .Replace("PICTURE", picture, StringComparison.Ordinal)
            ];
            if (attack.Contains("removed", StringComparison.Ordinal))
                File.Delete(path);
            else
                Edit(path);
            var source = _folder["export"];
            if (isZip)
            {
                source = _folder["tampered.zip"];
                ZipFile.CreateFromDirectory(_folder["export"], source);
            }

            var error = Assert.Throws<DamagedStoreException>(() => StoreRestore.Run(Connect(Target), source, null));

            Assert.Contains(what, error.What, StringComparison.Ordinal);
            Assert.Equal(
                ["restored.db.lock"],
                Directory.GetFiles(_folder.Path, "restored*").Select(System.IO.Path.GetFileName)
            );
            Directory.Delete(_folder["export"], recursive: true);
        }
    }

    [Theory]
    [InlineData("../../outside")]
    [InlineData("/etc/passwd")]
    public void An_id_that_leads_out_of_the_export_is_refused(string id)
    {
        StoreExport.Write(Connect(Path), _folder["export"], null);
        var path = _folder["export/records/00000001.json"];
        File.WriteAllBytes(path, (ChainRecord.Parse(File.ReadAllBytes(path)) with { Id = id }).ToCanonicalJson());

        var error = Assert.Throws<DamagedStoreException>(() =>
            StoreRestore.Run(Connect(Target), _folder["export"], null)
        );

        Assert.Equal("the id of record 1 is none", error.What);
    }

    [Fact]
    public void A_zip_bomb_is_not_unpacked()
    {
        using (var zip = ZipFile.Open(_folder["bomb.zip"], ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry("head.json").Open())
            for (var i = 0; i < 100; i++)
                stream.Write(new byte[1_000_000]);

        var error = Assert.Throws<DamagedStoreException>(() =>
            StoreRestore.Run(Connect(Target), _folder["bomb.zip"], null)
        );

        Assert.Equal("'head.json' is missing, broken or too large", error.What);
    }

    [Fact]
    public void What_is_no_export_is_a_sentence()
    {
        File.WriteAllText(_folder["notes.zip"], "my notes");

        Assert.StartsWith("There is no export at", Refused("nothing"), StringComparison.Ordinal);
        Assert.Contains("is no zip file", Refused("notes.zip"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("'head.json' is missing", Refused("empty"), StringComparison.Ordinal);

        string Refused(string name) =>
            Assert.ThrowsAny<AuditException>(() => StoreRestore.Run(Connect(Target), _folder[name], null)).Message;
    }

    private static StoreConnection Connect(string path) => new(path, TimeProvider.System);

    // One digit or byte becomes another.
    private static void Edit(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var at = path.EndsWith(".json", StringComparison.Ordinal) ? bytes.AsSpan().IndexOf("\"sha256\":\""u8) + 10 : 40;
        if (path.EndsWith("head.json", StringComparison.Ordinal))
            at = bytes.Length - 3;
        bytes[at] = (byte)(bytes[at] == '0' ? '1' : '0');
        File.WriteAllBytes(path, bytes);
    }
}
