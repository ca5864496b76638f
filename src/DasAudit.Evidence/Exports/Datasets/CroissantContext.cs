using System.Text.Json.Nodes;

namespace DasAudit.Evidence.Exports.Datasets;

/// <summary>The JSON-LD context that Croissant 1.1 recommends in its appendix 1.</summary>
internal static class CroissantContext
{
    private static readonly string[] Terms =
    [
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ];

    /// <summary>A context for one document.</summary>
    internal static JsonObject Make()
    {
        var context = new JsonObject
        {
            ["@language"] = "en",
            ["@vocab"] = "https://schema.org/",
            ["sc"] = "https://schema.org/",
            ["cr"] = "http://mlcommons.org/croissant/",
            ["rai"] = "http://mlcommons.org/croissant/RAI/",
            ["dct"] = "http://purl.org/dc/terms/",
            ["conformsTo"] = "dct:conformsTo",
            ["data"] = new JsonObject { ["@id"] = "cr:data", ["@type"] = "@json" },
            ["examples"] = new JsonObject { ["@id"] = "cr:examples", ["@type"] = "@json" },
            ["dataType"] = new JsonObject { ["@id"] = "cr:dataType", ["@type"] = "@vocab" },
        };
        foreach (var term in Terms)
            context[term] = $"cr:{term}";
        return context;
    }
}
