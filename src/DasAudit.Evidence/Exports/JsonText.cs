using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Exports;

/// <summary>How documents for other programs are written.</summary>
internal static class JsonText
{
    /// <summary>Writes a document and a line end.</summary>
    internal static void Write(JsonNode document, TextWriter writer) =>
        writer.Write(JsonSerializer.Serialize(document, JsonDocuments.Options) + "\n");

    /// <summary>A time in UTC without parts of a second: <c>2026-03-14T09:26:53Z</c>.</summary>
    internal static string Seconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A number that reads back to the same double, as text.</summary>
    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A whole number as text.</summary>
    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>An object of those members that have a value.</summary>
    internal static JsonObject Object(params IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(
            members
                .Where(member => member.Value is not null)
                .Select(member => KeyValuePair.Create(member.Name, member.Value))
        );
}
