using System.Text.RegularExpressions;

namespace DasAudit.Evidence.Tests.Exports.Html;

/// <summary>What tests look at in pages.</summary>
internal static partial class HtmlTags
{
    private static readonly string[] Void = ["img", "meta", "!DOCTYPE", "input", "link"];

    /// <summary>Texts that would change a page if they were not escaped.</summary>
    internal static TheoryData<string> HostileTexts =>
        [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onmouseover='alert(1)",
            "--></style></title><svg onload=alert(1)>",
            "]]>&lt;b&gt;&#60;i>",
            "`${alert(1)}` {{7*7}}",
            "javascript:alert(1)",
            "a\r\nb\tc",
        ];

    /// <summary>The tags with the names of their attributes, without text and values.</summary>
    internal static List<string> Skeleton(string html) =>
        [
            .. Tag()
                .Matches(html)
                .Select(t =>
                    t.Groups["close"].Value
                    + t.Groups["name"].Value
                    + string.Concat(
                        Attribute().Matches(t.Groups["rest"].Value).Select(a => " " + a.Groups["name"].Value)
                    )
                ),
        ];

    /// <summary>The values of an attribute, escaped as they stand.</summary>
    internal static IEnumerable<string> Attributes(string html, string name) =>
        Regex.Matches(html, $"<[a-z][^>]*\\s{name}=\"([^\"]*)\"").Select(m => m.Groups[1].Value);

    internal static void AssertClosed(string html)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html))
        {
            var name = tag.Groups["name"].Value;
            if (Void.Contains(name))
                continue;
            if (tag.Groups["close"].Length == 0)
                open.Push(name);
            else
                Assert.Equal(open.Pop(), name);
        }

        Assert.Empty(open);
    }

    [GeneratedRegex("<(?<close>/?)(?<name>[A-Za-z!][^\\s>]*)(?<rest>(?:[^>\"]|\"[^\"]*\")*)>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?<name>[^\\s=\"]+)(?:=\"[^\"]*\")?")]
    private static partial Regex Attribute();
}
