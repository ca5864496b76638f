using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DasAudit.Core.Files;

/// <summary>
/// The one form of a JSON document that a hash is taken of (JSON Canonicalization Scheme, RFC 8785): no white space,
/// properties ordered by the UTF-16 code units of their names, numbers as ECMAScript writes them, UTF-8.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical form of a document in UTF-8.</summary>
    /// <exception cref="JsonException">
    /// It is no JSON, a name stands twice in an object, a string is no Unicode, or a number is beyond the doubles.
    /// </exception>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var text = new StringBuilder(json.Length);
            Write(document.RootElement, text);
            return Utf8.GetBytes(text.ToString());
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or EncoderFallbackException)
        {
            throw new JsonException("The document has no canonical form.", e);
        }
    }

    /// <summary>The canonical form of what <see cref="JsonDocuments.Options"/> write.</summary>
    public static byte[] Serialize<T>(T value) => Of(JsonSerializer.SerializeToUtf8Bytes(value, JsonDocuments.Options));

    /// <summary>SHA-256 of the canonical form, in lower-case hexadecimal.</summary>
    /// <exception cref="JsonException">There is no canonical form.</exception>
    public static string Sha256(ReadOnlyMemory<byte> json) => Convert.ToHexStringLower(SHA256.HashData(Of(json)));

    private static void Write(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, text);
                break;
            case JsonValueKind.Array:
                WriteArray(element, text);
                break;
            case JsonValueKind.String:
                WriteString(element.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(EcmaScriptNumber.Format(element.GetRawText()));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void WriteObject(JsonElement element, StringBuilder text)
    {
        text.Append('{');
        var properties = element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal);
        foreach (var (index, property) in properties.Index())
        {
            if (index > 0)
                text.Append(',');
            WriteString(property.Name, text);
            text.Append(':');
            Write(property.Value, text);
        }

        text.Append('}');
    }

    private static void WriteArray(JsonElement element, StringBuilder text)
    {
        text.Append('[');
        foreach (var (index, item) in element.EnumerateArray().Index())
        {
            if (index > 0)
                text.Append(',');
            Write(item, text);
        }

        text.Append(']');
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var character in value)
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        text.Append('"');
    }
}
