namespace DasAudit.Cli.Serving;

/// <summary>What a request is answered with.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Type">The media type.</param>
internal sealed record Answer(int Status, string Type, byte[] Body)
{
    public const string Html = "text/html; charset=utf-8";

    /// <summary>The name of the file that it is saved as; null for what is shown.</summary>
    public string? FileName { get; init; }

    /// <summary>Where the client is sent, relative to what it asked for; null for nowhere.</summary>
    public string? Location { get; init; }
}
