using System.Text;

namespace DasAudit.Cli.Serving;

/// <summary>
/// Reads the head of an HTTP/1.1 request (RFC 9112), strictly: what has two readings is refused. There is no body to
/// read, since only GET and HEAD are answered.
/// </summary>
internal static class RequestReader
{
    /// <summary>The longest target, in bytes; a form with all its fields filled in has some hundreds.</summary>
    public const int LongestTarget = 4096;

    /// <summary>The longest head, in bytes.</summary>
    public const int LongestHead = 16384;

    private const string LineEnd = "\r\n";
    private const string TokenMarks = "!#$%&'*+-.^_`|~";
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    /// <summary>Reads up to the empty line.</summary>
    /// <exception cref="RefusalException">It is no request, or too long.</exception>
    /// <exception cref="EndOfStreamException">It ends before.</exception>
    public static async Task<RequestHead> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            length += read;
            if (!char.IsAsciiLetterUpper((char)buffer[0]))
                throw Malformed();
            if (buffer.AsSpan(0, length).IndexOf(HeadEnd) is var end and >= 0)
                return Parse(Encoding.Latin1.GetString(buffer, 0, end));
        }

        throw buffer.AsSpan().IndexOf("\r\n"u8) < 0
            ? TooLong()
            : new RefusalException(431, $"The request has more than {LongestHead} bytes of headers.");
    }

    private static RequestHead Parse(string head)
    {
        var lines = head.Split(LineEnd);
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"])
            throw Malformed();
        if (!method.All(char.IsAsciiLetterUpper) || target is not ['/', ..] || !target.All(IsPrintable))
            throw Malformed();
        if (target.Length > LongestTarget)
            throw TooLong();
        return new(method, target, [.. lines.Skip(1).Select(ParseHeader)]);
    }

    private static (string Name, string Value) ParseHeader(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !line.AsSpan(0, colon).ToArray().All(IsToken))
            throw Malformed();
        var value = line[(colon + 1)..].Trim(' ', '\t');
        return value.Any(c => char.IsControl(c) && c != '\t') ? throw Malformed() : (line[..colon], value);
    }

    private static bool IsPrintable(char c) => c is > ' ' and < '\u007f';

    private static bool IsToken(char c) =>
        char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal);

    private static RefusalException Malformed() => new(400, "This is no request of HTTP/1.1 that this server reads.");

    private static RefusalException TooLong() => new(414, $"The address has more than {LongestTarget} bytes.");
}
