using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>A store of eight reports and an evaluation, with the means of one who knows how it is made.</summary>
internal sealed class AttackedStore : IDisposable
{
    private const int Reports = 8;
    private readonly TempFolder _folder = new();

    internal AttackedStore()
    {
        Fill(Path);
        Anchor = HeadFile.Read(HeadPath);
    }

    internal string Path => _folder["audits.db"];

    internal string HeadPath => Path + ".head";

    /// <summary>The head before the attack.</summary>
    internal ChainHead Anchor { get; }

    internal static string Id(int number) => SampleReport.Id(number);

    internal string File(string name) => _folder[name];

    /// <summary>Makes a store of the same reports, which has another id.</summary>
    internal static void Fill(string path, int reports = Reports)
    {
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        for (var number = 0; number < reports; number++)
            store.Add(SampleReport.Create(number));
        store.AddEvaluation(SampleEvaluation.Create(Id(100)));
    }

    internal void Add(int number)
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create(number));
    }

    internal void Change(Action<LiteDatabase> change)
    {
        using var database = new LiteDatabase(Path);
        change(database);
        database.Checkpoint();
    }

    /// <summary>Changes one bit of the first place that holds a text.</summary>
    internal void FlipBit(string text)
    {
        var bytes = System.IO.File.ReadAllBytes(Path);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(at > 0);
        bytes[at] ^= 1;
        System.IO.File.WriteAllBytes(Path, bytes);
    }

    internal static void Count(LiteDatabase database, int reports)
    {
        var about = database.GetCollection("about").FindById("store");
        about["count"] = about["count"].AsInt32 + reports;
        database.GetCollection("about").Update(about);
    }

    internal static void Remove(LiteDatabase database, string id)
    {
        StoreSchema.Entries(database).Delete(id);
        StoreSchema.Documents(database).Delete(id);
        Count(database, -1);
    }

    /// <summary>Removes a record, and moves those after it up.</summary>
    internal static void RemoveRecord(LiteDatabase database, long sequence)
    {
        var records = Records(database);
        records.RemoveAt((int)sequence - 1);
        Write(database, records);
    }

    internal static List<ChainRecord> Records(LiteDatabase database) =>
        [
            .. StoreSchema
                .Chain(database)
                .FindAll()
                .ToList()
                .OrderBy(document => document["_id"].AsInt64)
                .Select(document => ChainRecord.Parse(document["record"].AsBinary)),
        ];

    /// <summary>Writes the whole chain anew, numbered and linked as it should be; the head file stays.</summary>
    internal static ChainHead Write(LiteDatabase database, IReadOnlyList<ChainRecord> records)
    {
        StoreSchema.Chain(database).DeleteAll();
        StoreSchema.Places(database).DeleteAll();
        var head = ChainHead.Empty(StoreSchema.StoreId(database));
        foreach (var record in records)
        {
            var linked = record with { Sequence = head.Count + 1, Previous = head.Hash };
            StoreChain.Insert(database, linked);
            head = head.After(linked);
        }

        return head;
    }

    /// <summary>Gives a picture of a report ten times its score, in the text and in what finds it.</summary>
    internal static void EditScore(LiteDatabase database, string id, bool withHash)
    {
        var documents = StoreSchema.Documents(database);
        var document = documents.FindById(id);
        var report = ReportJson.Deserialize(Encoding.UTF8.GetString(document["json"].AsBinary));
        var first = report.Attributions[0] with { Score = report.Attributions[0].Score * 10 };
        var edited = report with { Attributions = [first, .. report.Attributions.Skip(1)] };
        var json = Encoding.UTF8.GetBytes(ReportJson.Serialize(edited));
        document["json"] = json;
        documents.Update(document);
        if (!withHash)
            return;
        var entry = StoreEntry.FromBson(StoreSchema.Entries(database).FindById(id));
        Update(database, StoreEntry.From(edited, StoreContents.Sha256(json), entry.Thumbnails));
    }

    internal static void Update(LiteDatabase database, StoreEntry entry) =>
        StoreSchema.Entries(database).Update(entry.ToBson());

    /// <summary>Edits a score and makes the record fit; those after it do not yet.</summary>
    internal static void EditScoreAndRecord(LiteDatabase database, string id)
    {
        EditScore(database, id, withHash: true);
        var old = StoreChain.Record(database, RecordKind.Report, id);
        var record = old with { Sha256 = NewHash(database, id) };
        var json = record.ToCanonicalJson();
        var document = StoreSchema.Chain(database).FindById(record.Sequence);
        document["record"] = json;
        document["hash"] = SHA256.HashData(json);
        StoreSchema.Chain(database).Update(document);
    }

    /// <summary>Edits a score and makes all records fit.</summary>
    internal static ChainHead EditScoreAndChain(LiteDatabase database, string id)
    {
        EditScore(database, id, withHash: true);
        var hash = NewHash(database, id);
        return Write(database, [.. Records(database).Select(r => r.Id == id ? r with { Sha256 = hash } : r)]);
    }

    internal void WriteHead(ChainHead head) => new HeadFile(Path, new StoreErrors(Path)).Write(head);

    public void Dispose() => _folder.Dispose();

    private static string NewHash(LiteDatabase database, string id) =>
        Core.Files.CanonicalJson.Sha256(StoreSchema.Documents(database).FindById(id)["json"].AsBinary);
}
