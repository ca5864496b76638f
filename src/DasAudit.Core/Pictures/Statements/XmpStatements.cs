using System.Xml;
using MetadataExtractor.Formats.Xmp;
using XmpCore;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>XMP: rights (Dublin Core, XMP Rights, Creative Commons, PLUS) and data mining (PLUS, IPTC).</summary>
internal static class XmpStatements
{
    private const string Plus = "http://ns.useplus.org/ldf/xmp/1.0/";
    private const string DublinCore = "http://purl.org/dc/elements/1.1/";
    private const string XmpRights = "http://ns.adobe.com/xap/1.0/rights/";
    private const string CreativeCommons = "http://creativecommons.org/ns#";

    // Real packets are some 10 deep; the library that reads them goes down by calling itself.
    private const int Deepest = 64;
    private const int MostNodes = 200_000;
    private const int MostNames = 16;

    // The library refuses to look for properties of a namespace that it has not met.
    static XmpStatements()
    {
        XmpMetaFactory.SchemaRegistry.RegisterNamespace(Plus, "plus");
        XmpMetaFactory.SchemaRegistry.RegisterNamespace(CreativeCommons, "cc");
    }

    public static void Read(byte[] packet, StatementList found)
    {
        try
        {
            Refuse(packet);
            if (new XmpReader().Extract(packet).XmpMeta is { } xmp)
                Read(xmp, found);
        }
        // The library meets damage with exceptions of many kinds.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            found.AddProblem($"Its XMP cannot be read ({FirstSentence(e.Message)}).");
        }
    }

    // Entities and deep nesting are refused before the library sees them.
    private static void Refuse(byte[] packet)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            ConformanceLevel = ConformanceLevel.Fragment,
        };
        var end = packet.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        using var xml = XmlReader.Create(new MemoryStream(packet, 0, end), settings);
        for (var nodes = 0; xml.Read(); nodes++)
            if (xml.Depth > Deepest || nodes > MostNodes)
                throw new XmlException("it is nested too deep, or has too many parts");
    }

    private static void Read(IXmpMeta xmp, StatementList found)
    {
        found.Add(RightsTextKind.Notice, "XMP dc:rights", Localized(xmp, DublinCore, "rights"));
        found.Add(RightsTextKind.License, "XMP xmpRights:UsageTerms", Localized(xmp, XmpRights, "UsageTerms"));
        found.Add(RightsTextKind.License, "XMP xmpRights:WebStatement", Text(xmp, XmpRights, "WebStatement"));
        found.Add(RightsTextKind.License, "XMP cc:license", Text(xmp, CreativeCommons, "license"));
        foreach (var author in Names(xmp, DublinCore, "creator"))
            found.Add(RightsTextKind.Author, "XMP dc:creator", author);
        foreach (var owner in Names(xmp, XmpRights, "Owner"))
            found.Add(RightsTextKind.Holder, "XMP xmpRights:Owner", owner);
        foreach (var owner in Owners(xmp))
            found.Add(RightsTextKind.Holder, "XMP plus:CopyrightOwner", owner);
        ReadSignals(xmp, found);
    }

    private static void ReadSignals(IXmpMeta xmp, StatementList found)
    {
        if (Text(xmp, Plus, "DataMining") is { Length: > 0 } mining)
        {
            var (stance, says) = DataMiningTerms.Read(mining);
            found.Add(
                new UseSignal
                {
                    Kind = "plus:DataMining",
                    Stance = stance,
                    Value = mining,
                    Says = says,
                    Place = "XMP plus:DataMining",
                }
            );
        }

        if (Localized(xmp, Plus, "OtherConstraints") is { Length: > 0 } constraints)
            found.Add(
                new UseSignal
                {
                    Kind = "plus:OtherConstraints",
                    Stance = SignalStance.Conditions,
                    Value = constraints,
                    Says = "a text has further conditions of use, which a person must read",
                    Place = "XMP plus:OtherConstraints",
                }
            );
    }

    private static string? Text(IXmpMeta xmp, string space, string name) =>
        xmp.GetProperty(space, name)?.Value is { } text ? StatementReader.Clean(text) : null;

    // In the default language, else in the first one.
    private static string? Localized(IXmpMeta xmp, string space, string name)
    {
        if (xmp.GetProperty(space, name) is not { } property)
            return null;
        var text = property.Options.IsArray
            ? xmp.GetLocalizedText(space, name, null, "x-default")?.Value ?? xmp.GetArrayItem(space, name, 1)?.Value
            : property.Value;
        return text is null ? null : StatementReader.Clean(text);
    }

    private static IEnumerable<string> Names(IXmpMeta xmp, string space, string name)
    {
        if (xmp.GetProperty(space, name) is not { } property)
            yield break;
        if (!property.Options.IsArray)
        {
            yield return StatementReader.Clean(property.Value ?? "");
            yield break;
        }

        for (var i = 1; i <= Math.Min(xmp.CountArrayItems(space, name), MostNames); i++)
            if (xmp.GetArrayItem(space, name, i)?.Value is { } value)
                yield return StatementReader.Clean(value);
    }

    private static IEnumerable<string> Owners(IXmpMeta xmp)
    {
        if (xmp.GetProperty(Plus, "CopyrightOwner") is not { Options.IsArray: true })
            yield break;
        for (var i = 1; i <= Math.Min(xmp.CountArrayItems(Plus, "CopyrightOwner"), MostNames); i++)
        {
            var owner = $"CopyrightOwner[{i}]";
            if (
                xmp.GetProperty(Plus, owner) is { Options.IsStruct: true }
                && xmp.GetStructField(Plus, owner, Plus, "CopyrightOwnerName")?.Value is { } name
            )
                yield return StatementReader.Clean(name);
        }
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOfAny(['.', '\n', '\r']);
        return (end < 0 ? message : message[..end]).Trim();
    }
}
