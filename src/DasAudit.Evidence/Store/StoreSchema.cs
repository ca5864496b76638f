using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// What lies where in the database. <c>about</c> holds one document with the schema, the store's id and the number of
/// reports; <c>reports</c> a <see cref="StoreEntry"/> for each report; <c>documents</c> its JSON text;
/// <c>thumbnails</c> PNG files by their SHA-256; <c>evaluations</c> the JSON text of each evaluation, whose number is
/// in <c>about</c> too once there is one; <c>chain</c> a <see cref="ChainRecord"/> for each of them, and <c>places</c>
/// its number by <c>KIND/ID</c>. Stores of schema 1 have no id and no chain. Database files have ordinal collation,
/// so that ids sort by time.
/// </summary>
internal static class StoreSchema
{
    internal const string Id = "das-audit/store/2";

    /// <summary>The schema before, without a chain; it is read as it is, and migrated by the first writer.</summary>
    internal const string UnchainedId = "das-audit/store/1";
    private const string Family = "das-audit/store/";
    private const string AboutId = "store";

    // What about holds.
    private const string Store = "store";
    private const string Reports = "count";
    private const string EvaluationsField = "evaluations";

    internal static ILiteCollection<BsonDocument> Entries(LiteDatabase database) => database.GetCollection("reports");

    internal static ILiteCollection<BsonDocument> Documents(LiteDatabase database) =>
        database.GetCollection("documents");

    internal static ILiteCollection<BsonDocument> Thumbnails(LiteDatabase database) =>
        database.GetCollection("thumbnails");

    internal static ILiteCollection<BsonDocument> Evaluations(LiteDatabase database) =>
        database.GetCollection("evaluations");

    internal static int ReportCount(LiteDatabase database) => Count(database, Reports);

    internal static int EvaluationCount(LiteDatabase database) => Count(database, EvaluationsField);

    internal static void CountReport(LiteDatabase database) => CountOne(database, Reports);

    internal static void CountEvaluation(LiteDatabase database) => CountOne(database, EvaluationsField);

    internal static ILiteCollection<BsonDocument> Chain(LiteDatabase database) => database.GetCollection("chain");

    internal static ILiteCollection<BsonDocument> Places(LiteDatabase database) => database.GetCollection("places");

    /// <summary>Fills an empty database.</summary>
    /// <param name="store">The store's id.</param>
    internal static void Create(LiteDatabase database, string store) =>
        About(database)
            .Insert(
                new BsonDocument
                {
                    ["_id"] = AboutId,
                    ["schema"] = Id,
                    [Store] = store,
                    [Reports] = 0,
                }
            );

    /// <summary>Whether the store has a chain, which those of schema 1 have not.</summary>
    internal static bool IsChained(LiteDatabase database) => About(database).FindById(AboutId)["schema"] == Id;

    internal static string StoreId(LiteDatabase database) =>
        About(database).FindById(AboutId)[Store] is { IsString: true } id
            ? id.AsString
            : throw new InvalidDataException("its id is missing");

    /// <summary>Makes a store of schema 1, whose chain has just been written, one of this schema.</summary>
    internal static void SetChained(LiteDatabase database, string store)
    {
        var about = About(database).FindById(AboutId);
        about["schema"] = Id;
        about[Store] = store;
        About(database).Update(about);
    }

    /// <summary>Refuses the database of another program, or of a newer version of this one.</summary>
    internal static void Check(LiteDatabase database, StoreErrors errors)
    {
        var schema = About(database).FindById(AboutId)?["schema"];
        if (schema is not { IsString: true } || !schema.AsString.StartsWith(Family, StringComparison.Ordinal))
            throw errors.Foreign();
        if (schema.AsString is not (Id or UnchainedId))
            throw errors.Newer(schema.AsString);
    }

    private static int Count(LiteDatabase database, string field)
    {
        var count = About(database).FindById(AboutId)[field];
        return count.IsNull ? 0 : count.AsInt32;
    }

    private static void CountOne(LiteDatabase database, string field)
    {
        var about = About(database).FindById(AboutId);
        about[field] = Count(database, field) + 1;
        About(database).Update(about);
    }

    private static ILiteCollection<BsonDocument> About(LiteDatabase database) => database.GetCollection("about");
}
