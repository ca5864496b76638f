using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>The JSON text of a stored report.</summary>
internal sealed record StoredText(string Id, byte[] Json)
{
    /// <summary>Reads one, and compares it with the hash that the store keeps of it.</summary>
    /// <remarks>Of the entry no more is read than that hash, so that thousands are quick to read.</remarks>
    /// <exception cref="InvalidDataException">It is missing, or not what was stored.</exception>
    internal static StoredText Load(LiteDatabase database, string id)
    {
        var entry = StoreSchema.Entries(database).FindById(id);
        var json = StoreSchema.Documents(database).FindById(id)?["json"].AsBinary;
        if (entry is null || json is null)
            throw new InvalidDataException($"report '{id}' is missing");
        return StoreEntry.DocumentHash(entry) == StoreContents.Sha256(json)
            ? new(id, json)
            : throw new InvalidDataException($"report '{id}' is not what was stored");
    }
}
