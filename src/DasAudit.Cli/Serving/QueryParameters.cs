using System.Net;

namespace DasAudit.Cli.Serving;

/// <summary>The part of an address after the question mark.</summary>
internal static class QueryParameters
{
    /// <summary>Names and values in their order, decoded; what is no UTF-8 becomes a replacement character.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string target)
    {
        if (target.Split('?', 2) is not [_, { Length: > 0 } query])
            return [];
        return
        [
            .. query
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair => (Decode(pair[0]), pair.Length == 2 ? Decode(pair[1]) : "")),
        ];
    }

    private static string Decode(string text) => WebUtility.UrlDecode(text);
}
