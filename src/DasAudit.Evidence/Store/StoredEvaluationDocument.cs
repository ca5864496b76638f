using LiteDB;
using JsonException = System.Text.Json.JsonException;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace DasAudit.Evidence.Store;

/// <summary>An evaluation as it lies in the database: its JSON text and the hash of that.</summary>
internal static class StoredEvaluationDocument
{
    internal static BsonDocument Of(StoredEvaluation evaluation, byte[] json) =>
        new()
        {
            ["_id"] = evaluation.Id,
            ["json"] = json,
            ["sha256"] = StoreContents.Sha256(json),
        };

    internal static byte[] Json(StoredEvaluation evaluation) => JsonSerializer.SerializeToUtf8Bytes(evaluation);

    /// <exception cref="JsonException">It is no evaluation.</exception>
    internal static StoredEvaluation Parse(byte[] json) =>
        JsonSerializer.Deserialize<StoredEvaluation>(json) ?? throw new JsonException("The evaluation is null.");

    /// <exception cref="InvalidDataException">It is not what was stored.</exception>
    internal static StoredEvaluation Read(BsonDocument document)
    {
        var id = document["_id"].AsString;
        var json = document["json"].AsBinary;
        if (StoreContents.Sha256(json) != document["sha256"].AsString)
            throw new InvalidDataException($"evaluation '{id}' is not what was stored");
        try
        {
            var evaluation = Parse(json);
            return evaluation.Id == id
                ? evaluation
                : throw new InvalidDataException($"evaluation '{id}' is another than was stored");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"evaluation '{id}' cannot be read", e);
        }
    }
}
