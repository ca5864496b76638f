using System.Globalization;
using System.Text;
using DasAudit.Evidence.Pages;

namespace DasAudit.Cli.Serving;

/// <summary>Puts an answer into HTTP/1.1. Every answer has the same protections, and closes its connection.</summary>
internal static class AnswerWriter
{
    // No store, frame, script, referrer or opener; what each is for: docs/reports.md.
    private static readonly IReadOnlyList<(string Name, string Value)> Protections =
    [
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", SiteStyle.ContentSecurityPolicy),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Connection", "close"),
    ];

    /// <summary>The bytes of an answer.</summary>
    /// <param name="withBody">False for an answer to HEAD.</param>
    public static byte[] Write(Answer answer, bool withBody)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {Reason(answer.Status)}\r\n");
        foreach (var (name, value) in Headers(answer).Concat(Protections))
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        head.Append("\r\n");
        var bytes = Encoding.ASCII.GetBytes(head.ToString());
        return withBody ? [.. bytes, .. answer.Body] : bytes;
    }

    private static IEnumerable<(string Name, string Value)> Headers(Answer answer)
    {
        yield return ("Content-Type", answer.Type);
        yield return ("Content-Length", answer.Body.Length.ToString(CultureInfo.InvariantCulture));
        if (answer.Status == 405)
            yield return ("Allow", "GET, HEAD");
        if (answer.Location is { } location)
            yield return ("Location", location);
        if (answer.FileName is { } name)
            yield return ("Content-Disposition", $"attachment; filename=\"{name}\"");
    }

    private static string Reason(int status) =>
        status switch
        {
            200 => "OK",
            302 => "Found",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            414 => "URI Too Long",
            431 => "Request Header Fields Too Large",
            _ => "Internal Server Error",
        };
}
