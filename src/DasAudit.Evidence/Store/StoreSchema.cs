using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// What lies where in the database. <c>about</c> holds one document with the schema and the number of reports;
/// <c>reports</c> a <see cref="StoreEntry"/> for each report; <c>documents</c> its JSON text; <c>thumbnails</c> PNG
/// files by their SHA-256. Database files have ordinal collation, so that ids sort by time.
/// </summary>
internal static class StoreSchema
{
    internal const string Id = "das-audit/store/1";
    private const string Family = "das-audit/store/";
    private const string AboutId = "store";

    internal static ILiteCollection<BsonDocument> Entries(LiteDatabase database) => database.GetCollection("reports");

    internal static ILiteCollection<BsonDocument> Documents(LiteDatabase database) =>
        database.GetCollection("documents");

    internal static ILiteCollection<BsonDocument> Thumbnails(LiteDatabase database) =>
        database.GetCollection("thumbnails");

    internal static int Count(LiteDatabase database) => About(database).FindById(AboutId)["count"].AsInt32;

    internal static void Count(LiteDatabase database, int change)
    {
        var about = About(database).FindById(AboutId);
        about["count"] = about["count"].AsInt32 + change;
        About(database).Update(about);
    }

    internal static void Create(LiteDatabase database) =>
        About(database)
            .Insert(
                new BsonDocument
                {
                    ["_id"] = AboutId,
                    ["schema"] = Id,
                    ["count"] = 0,
                }
            );

    /// <summary>Refuses the database of another program, or of a newer version of this one.</summary>
    internal static void Check(LiteDatabase database, StoreErrors errors)
    {
        var schema = About(database).FindById(AboutId)?["schema"];
        if (schema is not { IsString: true } || !schema.AsString.StartsWith(Family, StringComparison.Ordinal))
            throw errors.Foreign();
        if (schema.AsString != Id)
            throw errors.Newer(schema.AsString);
    }

    private static ILiteCollection<BsonDocument> About(LiteDatabase database) => database.GetCollection("about");
}
