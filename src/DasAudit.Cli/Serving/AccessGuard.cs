namespace DasAudit.Cli.Serving;

/// <summary>
/// Admits requests of the person who was given the address, and of nobody else who makes their browser send some: no
/// page of another site, and no name that is made to lead here (DNS rebinding).
/// </summary>
internal sealed class AccessGuard(int port, AccessToken token)
{
    private const string SeeAddress =
        "Open the address that 'reports serve' printed, whole, in a browser's address bar.";

    private readonly IReadOnlyList<string> _hosts = [$"127.0.0.1:{port}", $"localhost:{port}"];

    /// <summary>The path below the token, without a slash before it; null where none follows the token.</summary>
    /// <exception cref="RefusalException">The request is not admitted.</exception>
    public string? Admit(RequestHead request)
    {
        if (request.Method is not ("GET" or "HEAD"))
            throw new RefusalException(405, "This server only shows; it answers GET and HEAD.");
        if (request.Header("Transfer-Encoding") is not null || request.Header("Content-Length") is not (null or "0"))
            throw new RefusalException(400, "A request to this server has no body.");
        CheckOrigin(request);

        var path = request.Target.Split('?', 2)[0];
        var end = path.IndexOf('/', 1);
        var candidate = end < 0 ? path[1..] : path[1..end];
        if (!token.Is(candidate))
            throw new RefusalException(403, SeeAddress);
        return end < 0 ? null : path[(end + 1)..];
    }

    private void CheckOrigin(RequestHead request)
    {
        var host = request.Header("Host") ?? throw new RefusalException(400, "The request names no host.");
        if (!_hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
            throw new RefusalException(403, $"This server is not the host that was asked for. {SeeAddress}");
        var origin = request.Header("Origin");
        if (origin is not null && !origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase))
            throw new RefusalException(403, $"A page of another site asked for this. {SeeAddress}");
        if (request.Header("Sec-Fetch-Site") is not (null or "none" or "same-origin"))
            throw new RefusalException(403, $"A page of another site led here. {SeeAddress}");
    }
}
