using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;
using static DasAudit.Evidence.Tests.Store.AttackedStore;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>The attacks on a store that a check must reject, and why each is worth trying.</summary>
internal static class StoreAttacks
{
    internal static IReadOnlyList<StoreAttack> All { get; } =
    [
        new(
            "a flipped bit in a report",
            "A disk or a hand changes one bit of a report's text.",
            store => store.FlipBit("das-audit/report/1"),
            "record 1"
        ),
        new(
            "a flipped bit in a page's header",
            "One bit makes LiteDB take a page for another.",
            store =>
            {
                var bytes = File.ReadAllBytes(store.Path);
                bytes[(5 * 8192) + 2] ^= 1;
                File.WriteAllBytes(store.Path, bytes);
            },
            "page 5 of it is none"
        ),
        new(
            "a flipped bit in the head file",
            "One bit of the head file changes, so that it fits nothing.",
            store =>
            {
                var bytes = File.ReadAllBytes(store.HeadPath);
                bytes[20] ^= 1;
                File.WriteAllBytes(store.HeadPath, bytes);
            },
            "record 9 is not the one that its head file was written for"
        ),
        new(
            "a removed report",
            "An unwelcome report disappears, and the count with it.",
            store => store.Change(database => Remove(database, Id(3))),
            "its last record is 9, and 8 were counted"
        ),
        new(
            "a removed report and record",
            "The report's record disappears too, which leaves a gap.",
            store =>
                store.Change(database =>
                {
                    Remove(database, Id(3));
                    StoreSchema.Chain(database).Delete(4L);
                }),
            "record 4 is missing"
        ),
        new(
            "a removed record, the chain closed over it",
            "The later records are numbered and hashed anew, so that the chain has no gap.",
            store =>
                store.Change(database =>
                {
                    Remove(database, Id(3));
                    RemoveRecord(database, 4);
                }),
            "it was rolled back or cut: its head file says 9 records, and record 9 is missing"
        ),
        new(
            "two texts swapped",
            "Two reports change places, so that each is about the other's picture.",
            store =>
                store.Change(database =>
                {
                    var documents = StoreSchema.Documents(database);
                    var (one, two) = (documents.FindById(Id(1)), documents.FindById(Id(2)));
                    (one["json"], two["json"]) = (two["json"], one["json"]);
                    documents.Update(one);
                    documents.Update(two);
                }),
            $"the text of report '{SampleReport.Id(1)}' was altered"
        ),
        new(
            "two records swapped",
            "A later report is made to look as if it was stored earlier.",
            store =>
                store.Change(database =>
                {
                    var chain = StoreSchema.Chain(database);
                    var (one, two) = (chain.FindById(2L), chain.FindById(3L));
                    (one["_id"], two["_id"]) = (two["_id"], one["_id"]);
                    chain.Update(one);
                    chain.Update(two);
                }),
            "in the place of record 2 stands record 3"
        ),
        new(
            "two records swapped, the chain hashed anew",
            "The same with numbers and hashes that fit.",
            store =>
                store.Change(database =>
                {
                    var records = Records(database);
                    (records[1], records[2]) = (records[2], records[1]);
                    Write(database, records);
                }),
            "record 9 is not the one that its head file was written for"
        ),
        new(
            "a rolled-back database",
            "An older copy of the database replaces it, so that the newest reports never were.",
            store =>
            {
                File.Copy(store.Path, store.File("older"));
                store.Add(20);
                store.Add(21);
                File.Copy(store.File("older"), store.Path, overwrite: true);
            },
            "its head file says 11 records, and the records 10 to 11 are missing"
        ),
        new(
            "database and head file rolled back together",
            "Both are put back, so that they agree.",
            store =>
            {
                store.Change(database =>
                {
                    Remove(database, Id(7));
                    var records = Records(database);
                    records.RemoveAt(7);
                    store.WriteHead(Write(database, records));
                });
            },
            "it was rolled back or cut: the given head says 9 records, and there are 8"
        )
        {
            NeedsAnchor = true,
        },
        new(
            "an edited score",
            "A picture gets ten times its score.",
            store => store.Change(database => EditScore(database, Id(4), withHash: false)),
            $"the text of report '{SampleReport.Id(4)}' was altered"
        ),
        new(
            "an edited score, its hash recomputed",
            "The hash beside the report's text is made to fit.",
            store => store.Change(database => EditScore(database, Id(4), withHash: true)),
            $"the text of report '{SampleReport.Id(4)}' was altered"
        ),
        new(
            "an edited score, its record recomputed",
            "The record of the chain is made to fit too.",
            store => store.Change(database => EditScoreAndRecord(database, Id(4))),
            "record 5 was rewritten or replaced"
        ),
        new(
            "an edited score, the chain recomputed",
            "All later records are made to fit, so that the database is whole in itself.",
            store => store.Change(database => EditScoreAndChain(database, Id(4))),
            "record 9 is not the one that its head file was written for"
        ),
        new(
            "an edited score, chain and head file recomputed",
            "The head file is made to fit as well; whoever can write all files can do that.",
            store => store.Change(database => store.WriteHead(EditScoreAndChain(database, Id(4)))),
            "record 9 was rewritten: its hash is"
        )
        {
            NeedsAnchor = true,
        },
        new(
            "a truncated chain",
            "The last two reports disappear with their records.",
            store =>
                store.Change(database =>
                {
                    Remove(database, Id(6));
                    Remove(database, Id(7));
                    Write(database, [.. Records(database).Where(r => r.Id != Id(6) && r.Id != Id(7))]);
                }),
            "it was rolled back or cut: its head file says 9 records, and the records 8 to 9 are missing"
        ),
        new(
            "a truncated database",
            "The end of the file is lost.",
            store =>
            {
                using var file = File.OpenWrite(store.Path);
                file.SetLength(file.Length - 8192);
            },
            "its end is missing"
        ),
        new(
            "a foreign head file",
            "The head file of another store of the same reports is put in place.",
            store =>
            {
                Fill(store.File("other.db"));
                File.Copy(store.File("other.db.head"), store.HeadPath, overwrite: true);
            },
            "its head file is that of another store"
        ),
        new(
            "a foreign database",
            "Another store of the same reports is put in place, and the head file left.",
            store =>
            {
                Fill(store.File("other.db"));
                File.Copy(store.File("other.db"), store.Path, overwrite: true);
            },
            "its head file is that of another store"
        ),
        new(
            "an older head file",
            "The head file is rolled back, to hide later that the database was.",
            store =>
            {
                File.Copy(store.HeadPath, store.File("older"));
                store.Add(20);
                store.Add(21);
                File.Copy(store.File("older"), store.HeadPath, overwrite: true);
            },
            "its head file is older than it: the file says 9 records, and there are 11"
        ),
        new(
            "a removed head file",
            "Without a head file nothing says how many records there were.",
            store => File.Delete(store.HeadPath),
            "its head file is missing"
        ),
        new(
            "a replaced picture",
            "A small picture shows something else than what was audited.",
            store =>
                store.Change(database =>
                {
                    var picture = StoreSchema.Thumbnails(database).FindAll().First();
                    picture["png"] = TinyPng.Create(9, 9, 9, 32);
                    StoreSchema.Thumbnails(database).Update(picture);
                }),
            "is not what was stored"
        ),
        new(
            "a replaced picture, its hash recomputed",
            "The picture is stored under its own hash, and the entry names that.",
            store =>
                store.Change(database =>
                {
                    var png = TinyPng.Create(9, 9, 9, 32);
                    var hash = StoreContents.Sha256(png);
                    var pictures = StoreSchema.Thumbnails(database);
                    pictures.Insert(new BsonDocument { ["_id"] = hash, ["png"] = png });
                    var entry = StoreEntry.FromBson(StoreSchema.Entries(database).FindById(Id(2)));
                    var first = entry.Thumbnails.Keys.First();
                    var changed = new Dictionary<string, string>(entry.Thumbnails) { [first] = hash };
                    Update(database, entry with { Thumbnails = changed });
                }),
            "its Thumbnails is not the report's"
        ),
        new(
            "a report without a record",
            "A forged report is slipped in beside the chain.",
            store => store.Change(database => InsertForged(database)),
            "its last record is 9, and 10 were counted"
        ),
        new(
            "a report without a record or count",
            "The same, and the count is put back.",
            store =>
                store.Change(database =>
                {
                    InsertForged(database);
                    Count(database, -1);
                }),
            $"report '{SampleReport.Id(50)}' is in no record"
        ),
        new(
            "a report recorded twice",
            "A report gets a second, later record, so that it seems to be newer than it is.",
            store =>
                store.Change(database =>
                {
                    var tail = StoreChain.Tail(database).Head;
                    var first = Records(database)[1];
                    var again = first with { Sequence = tail.Count + 1, Previous = tail.Hash };
                    StoreSchema.Places(database).Delete($"report/{first.Id}");
                    StoreChain.Insert(database, again);
                    Count(database, 1);
                    store.WriteHead(tail.After(again));
                }),
            "has two records"
        ),
        new(
            "an edited evaluation, its hash recomputed",
            "An evaluation says that the scores can be trusted more than was found.",
            store =>
                store.Change(database =>
                {
                    var evaluations = StoreSchema.Evaluations(database);
                    var old = StoredEvaluationDocument.Read(evaluations.FindById(Id(100)));
                    var edited = old with { Findings = [new("das", "das is always right.")] };
                    evaluations.Update(StoredEvaluationDocument.Of(edited, StoredEvaluationDocument.Json(edited)));
                }),
            $"the text of evaluation '{SampleReport.Id(100)}' was altered"
        ),
        new(
            "a hidden report",
            "What finds a report by its rights holders is emptied, so that no query shows it to them.",
            store =>
                store.Change(database =>
                {
                    var entry = StoreEntry.FromBson(StoreSchema.Entries(database).FindById(Id(5)));
                    Update(database, entry with { RightsHolders = [] });
                }),
            "its RightsHolders is not the report's"
        ),
        new(
            "a store that says it is old",
            "The store claims the schema that had no chain, so that nobody looks at it.",
            store =>
                store.Change(database =>
                {
                    var about = database.GetCollection("about").FindById("store");
                    about["schema"] = StoreSchema.UnchainedId;
                    database.GetCollection("about").Update(about);
                }),
            "but has a chain of records"
        ),
        new(
            "a store made old",
            "The same, and the chain is removed.",
            store =>
                store.Change(database =>
                {
                    Remove(database, Id(3));
                    database.DropCollection("chain");
                    var about = database.GetCollection("about").FindById("store");
                    about["schema"] = StoreSchema.UnchainedId;
                    database.GetCollection("about").Update(about);
                }),
            "its head file says 9 records, and there are 8"
        ),
    ];

    private static void InsertForged(LiteDatabase database)
    {
        var report = SampleReport.Create(50).Report;
        var json = Encoding.UTF8.GetBytes(ReportJson.Serialize(report));
        var entry = StoreEntry.From(report, StoreContents.Sha256(json), new Dictionary<string, string>());
        StoreInsertion.Insert(database, entry, json, new Dictionary<string, byte[]>());
    }
}
