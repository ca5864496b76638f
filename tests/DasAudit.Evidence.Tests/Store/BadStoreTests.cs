using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

public sealed class BadStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reading_where_there_is_no_store_is_a_sentence_and_creates_nothing()
    {
        var path = _folder["sub/audits.db"];

        Refused(
            StoreAccess.ReadOnly,
            $"There is no store at '{path}'; run an audit first or name another with --store.",
            path
        );

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Reading_creates_nothing()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create());
        File.Delete(Path + ".lock");
        File.Delete(Path + ".index");
        var before = File.ReadAllBytes(Path);

        using var reader = ReportStore.Open(Path, StoreAccess.ReadOnly);
        reader.Get(SampleReport.Id(0));
        Assert.Single(reader.Find(ReportFilter.All));

        Assert.Equal([Path, Path + ".head"], Directory.GetFileSystemEntries(_folder.Path).Order());
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Throws<InvalidOperationException>(() => reader.Add(SampleReport.Create(1)));
    }

    public static TheoryData<string, byte[]> ForeignFiles() =>
        new()
        {
            { "a short text", "my notes\n"u8.ToArray() },
            { "a long text", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("my notes\n", 4000))) },
            { "SQLite", [.. "SQLite format 3\0"u8, .. new byte[4080]] },
            { "SQLite of many pages", [.. "SQLite format 3\0"u8, .. new byte[(8192 * 4) - 16]] },
            { "one byte", [1] },
            { "zeros", new byte[16384] },
        };

    [Theory]
    [MemberData(nameof(ForeignFiles))]
    public void A_file_of_another_program_is_never_touched(string what, byte[] content)
    {
        Assert.NotEmpty(what);
        File.WriteAllBytes(Path, content);

        Refused(
            StoreAccess.ReadOnly,
            $"'{Path}' is no store of das-audit but a file of another program; name another with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"'{Path}' is no store of das-audit but a file of another program; name another with --store."
        );
    }

    [Fact]
    public void An_empty_file_is_no_store()
    {
        File.WriteAllBytes(Path, []);

        Refused(
            StoreAccess.ReadOnly,
            $"'{Path}' is empty, so it is no store of das-audit; delete it, or name another with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"'{Path}' is empty, so it is no store of das-audit; delete it, or name another with --store."
        );
    }

    [Fact]
    public void A_LiteDB_database_of_another_program_is_refused()
    {
        using (var database = new LiteDatabase(Path))
            database.GetCollection("customers").Insert(new BsonDocument { ["name"] = "Ada" });

        Refused(
            StoreAccess.ReadOnly,
            $"'{Path}' is no store of das-audit but a file of another program; name another with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"'{Path}' is no store of das-audit but a file of another program; name another with --store."
        );
    }

    [Fact]
    public void A_folder_is_no_store()
    {
        Directory.CreateDirectory(Path);

        Refused(
            StoreAccess.ReadOnly,
            $"'{Path}' is a folder, where the file of a store was expected; name a file with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"'{Path}' is a folder, where the file of a store was expected; name a file with --store."
        );
    }

    [Fact]
    public void A_store_of_a_newer_das_audit_is_refused()
    {
        ReportStore.Open(Path, StoreAccess.ReadWrite).Dispose();
        using (var database = new LiteDatabase(Path))
        {
            var about = database.GetCollection("about").FindById("store");
            about["schema"] = "das-audit/store/3";
            database.GetCollection("about").Update(about);
        }

        var sentence =
            $"The store '{Path}' was made by a newer das-audit (it is a das-audit/store/3); "
            + "update das-audit, or name another with --store.";
        Refused(StoreAccess.ReadOnly, sentence);
        Refused(StoreAccess.ReadWrite, sentence);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(3 * 8192)]
    public void A_truncated_store_is_refused(int lost)
    {
        Fill(3);
        using (var stream = File.OpenWrite(Path))
            stream.SetLength(stream.Length - lost);

        Refused(
            StoreAccess.ReadOnly,
            $"The store '{Path}' is damaged (its end is missing); put back a copy of it, or name another with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"The store '{Path}' is damaged (its end is missing); put back a copy of it, or name another with --store."
        );
    }

    [Fact]
    public void A_store_cut_within_its_first_page_is_refused()
    {
        Fill(1);
        using (var stream = File.OpenWrite(Path))
            stream.SetLength(4000);

        Refused(
            StoreAccess.ReadOnly,
            $"The store '{Path}' is damaged (its end is missing); put back a copy of it, or name another with --store."
        );
        Refused(
            StoreAccess.ReadWrite,
            $"The store '{Path}' is damaged (its end is missing); put back a copy of it, or name another with --store."
        );
    }

    [Fact]
    public void A_log_whose_store_is_gone_is_not_applied_to_a_new_one()
    {
        File.WriteAllBytes(_folder["audits-log.db"], new byte[8192]);

        var sentence =
            $"There is no store at '{Path}', but there is the log of one, '{_folder["audits-log.db"]}', which may hold "
            + "reports; put the store back beside it, or move the log away.";
        Refused(StoreAccess.ReadOnly, sentence);
        Refused(StoreAccess.ReadWrite, sentence);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_log_that_is_none_is_not_applied()
    {
        Fill(1);
        File.WriteAllBytes(_folder["audits-log.db"], Encoding.UTF8.GetBytes(new string('x', 20000)));

        var sentence =
            $"The store '{Path}' is damaged (its log '{_folder["audits-log.db"]}' holds something other than pages); "
            + "put back a copy of it, or name another with --store.";
        Refused(StoreAccess.ReadOnly, sentence);
        Refused(StoreAccess.ReadWrite, sentence);
        Assert.Equal(20000, new FileInfo(_folder["audits-log.db"]).Length);
    }

    [Fact]
    public void A_read_only_file_can_be_read_but_not_written()
    {
        Fill(1);
        var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        File.SetAttributes(Path, FileAttributes.ReadOnly);

        Assert.Single(ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All));
        var sentence =
            $"The store '{Path}' cannot be written, because it or its folder is read-only; "
            + "make both writable, or name another with --store.";
        Refused(StoreAccess.ReadWrite, sentence);
        Assert.Equal(sentence, Assert.Throws<AuditException>(() => store.Add(SampleReport.Create(5))).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_in_a_read_only_folder_can_be_read_but_not_written(bool withLock)
    {
        Fill(1);
        if (!withLock)
            File.Delete(Path + ".lock");
        File.SetAttributes(_folder.Path, FileAttributes.ReadOnly);

        Assert.Single(ReportStore.Open(Path, StoreAccess.ReadOnly).Query(ReportFilter.All));
        Refused(
            StoreAccess.ReadWrite,
            $"The store '{Path}' cannot be written, because it or its folder is read-only; "
                + "make both writable, or name another with --store."
        );
    }

    [Fact]
    public void No_store_is_created_in_a_read_only_folder()
    {
        File.SetAttributes(_folder.Path, FileAttributes.ReadOnly);

        Refused(
            StoreAccess.ReadWrite,
            $"The store '{Path}' cannot be written, because it or its folder is read-only; "
                + "make both writable, or name another with --store."
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_sentence()
    {
        File.WriteAllText(_folder["file"], "");
        var path = _folder["file/audits.db"];

        var error = Assert.Throws<AuditException>(() => ReportStore.Open(path, StoreAccess.ReadWrite));
        Assert.StartsWith($"The store '{path}' could not be used (", error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    private void Fill(int reports)
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        for (var number = 0; number < reports; number++)
            store.Add(SampleReport.Create(number));
    }

    private void Refused(StoreAccess access, string sentence, string? path = null)
    {
        path ??= Path;
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        Assert.Equal(sentence, Assert.ThrowsAny<AuditException>(() => ReportStore.Open(path, access)).Message);
        Assert.Equal(before, File.Exists(path) ? File.ReadAllBytes(path) : null);
    }
}
