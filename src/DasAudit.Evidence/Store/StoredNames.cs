using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>What the records of a chain name, to find what none of them does.</summary>
internal sealed class StoredNames
{
    private readonly HashSet<string> _reports = new(StringComparer.Ordinal);
    private readonly HashSet<string> _evaluations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pictures = new(StringComparer.Ordinal);

    internal int Pictures => _pictures.Count;

    internal void Add(StoredItem item)
    {
        (item.Record.Kind == RecordKind.Report ? _reports : _evaluations).Add(item.Record.Id);
        _pictures.UnionWith(item.Pictures.Keys);
    }

    /// <exception cref="InvalidDataException">Something is in no record, or cannot be found in its order.</exception>
    internal void Check(LiteDatabase database)
    {
        Check(StoreSchema.Entries(database), _reports, "report");
        Check(StoreSchema.Documents(database), _reports, "the text of report");
        Check(StoreSchema.Evaluations(database), _evaluations, "evaluation");
        Check(StoreSchema.Thumbnails(database), _pictures, "picture");

        // The list is read the other way round, by other pointers.
        StoreContents.Entries(database);
        StoreContents.Evaluations(database);
        var records = _reports.Count + _evaluations.Count;
        if (StoreSchema.Chain(database).Count() != records || StoreSchema.Places(database).Count() != records)
            throw new InvalidDataException("its chain has more records than it counts");
    }

    private static void Check(ILiteCollection<BsonDocument> collection, HashSet<string> names, string what)
    {
        var ids = collection.Query().Select("_id").ToDocuments().Select(d => d["_id"].AsString).ToList();
        if (ids.Find(id => !names.Contains(id)) is { } extra)
            throw new InvalidDataException($"{what} '{extra}' is in no record");
        if (ids.Count != names.Count)
            throw new InvalidDataException($"{ids.Count} of {names.Count} can be listed: {what} …");
        if (ids.Zip(ids.Skip(1), string.CompareOrdinal).Any(order => order >= 0))
            throw new InvalidDataException($"its list is out of order: {what} …");
    }
}
