using System.Text;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Shell;

/// <summary>The standard streams, and what is known of who reads them.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error) : IDisposable
{
    /// <summary>Columns where nobody's window decides: wide enough for the tables, and the same everywhere.</summary>
    public const int FixedWidth = 100;

    /// <summary>Standard output, UTF-8 without a byte order mark.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Standard error, UTF-8 without a byte order mark.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Whether a person sees <see cref="Out"/>. Default false.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person sees <see cref="Error"/>. Default false.</summary>
    public bool ErrorIsTerminal { get; init; }

    public int Width { get; init; } = FixedWidth;

    public static Terminal OfThisProcess()
    {
        var outIsTerminal = !Console.IsOutputRedirected;
        var errorIsTerminal = !Console.IsErrorRedirected;
        if (outIsTerminal || errorIsTerminal)
            Platform.Current.ShowUtf8();
        return new(Writer(Console.OpenStandardOutput()), Writer(Console.OpenStandardError()))
        {
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = errorIsTerminal,
            Width = outIsTerminal || errorIsTerminal ? WindowWidth() : FixedWidth,
        };
    }

    public void Dispose()
    {
        Out.Dispose();
        Error.Dispose();
    }

    private static StreamWriter Writer(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };

    // A pseudo-terminal without a size reports 0 columns.
    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is var width and >= 40 ? width : FixedWidth;
        }
        catch (IOException)
        {
            return FixedWidth;
        }
    }
}
