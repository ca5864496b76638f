namespace DasAudit.Cli.Serving;

/// <summary>The head of a request.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Target">Path and query as sent; it begins with a slash and is printable ASCII.</param>
/// <param name="Headers">Names as sent, and values without white space around them.</param>
internal sealed record RequestHead(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The value of a header; null if it is not there.</summary>
    /// <exception cref="RefusalException">It is there twice.</exception>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return values.Count <= 1
            ? values.FirstOrDefault().Value
            : throw new RefusalException(400, $"The request has the header {name} more than once.");
    }
}
