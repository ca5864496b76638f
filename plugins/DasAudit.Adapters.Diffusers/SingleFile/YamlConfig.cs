using System.Globalization;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>Reads YAML as the JSON that says the same.</summary>
internal static class YamlConfig
{
    internal static JsonConfig Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{path}' cannot be read; check that it is a file you may read.", e);
        }
    }

    internal static JsonConfig Parse(string path, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
            var json = stream.Documents is [var document] ? Json(document.RootNode) : null;
            return JsonConfig.Parse(path, json?.ToJsonString() ?? "null");
        }
        catch (YamlException e)
        {
            throw new AuditException($"'{path}' is no valid YAML (line {e.Start.Line}); get the file again.", e);
        }
        catch (ArgumentException e)
        {
            throw new AuditException($"'{path}' is no valid YAML (a key occurs twice); get the file again.", e);
        }
    }

    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), Json(child.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Scalar(text),
            YamlScalarNode scalar => scalar.Value,
            _ => throw new YamlException(node.Start, node.End, "an alias"),
        };

    private static JsonNode? Scalar(string text)
    {
        const NumberStyles Decimal = NumberStyles.Float;
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                whole,
            _ when double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number) => number,
            _ => text,
        };
    }
}
