using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>The front matter of a dataset card: <c>license:</c> with one identifier, or a list of them.</summary>
internal static class DatasetCard
{
    private const string Fence = "---";

    // What Hugging Face has for "none of the list" and for "not known".
    private static readonly string[] Silence = ["other", "unknown"];

    /// <param name="name">The file's.</param>
    /// <exception cref="AuditException">The front matter is no YAML.</exception>
    public static IEnumerable<PackageLicense> Read(string name, string text)
    {
        if (FrontMatter(text) is not { } yaml)
            return [];
        try
        {
            return
            [
                .. Licenses(yaml)
                    .Select(license => new PackageLicense(name, $"{name}, line {license.Line}", license.Text)),
            ];
        }
        catch (YamlException e)
        {
            throw new AuditException($"Its front matter is no YAML ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private static string? FrontMatter(string text)
    {
        using var reader = new StringReader(text);
        if (reader.ReadLine()?.TrimEnd() != Fence)
            return null;
        // The first line is kept, so that lines have their numbers.
        var lines = new List<string> { "" };
        while (reader.ReadLine() is { } line)
        {
            if (line.TrimEnd() == Fence)
                return string.Join('\n', lines);
            lines.Add(line);
        }

        return null;
    }

    // Events do not follow aliases, so nothing can grow.
    private static IEnumerable<(string Text, long Line)> Licenses(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            yield break;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var isLicense = parser.TryConsume<Scalar>(out var key) && key.Value == "license";
            if (key is null)
                parser.SkipThisAndNestedEvents();
            if (!isLicense)
                parser.SkipThisAndNestedEvents();
            else
                foreach (var value in Values(parser))
                    if (value.Value.Length > 0 && !Silence.Contains(value.Value))
                        yield return (value.Value, value.Start.Line);
        }
    }

    private static IEnumerable<Scalar> Values(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var single))
            yield return single;
        else if (!parser.TryConsume<SequenceStart>(out _))
            parser.SkipThisAndNestedEvents();
        else
            while (!parser.TryConsume<SequenceEnd>(out _))
                if (parser.TryConsume<Scalar>(out var one))
                    yield return one;
                else
                    parser.SkipThisAndNestedEvents();
    }
}
