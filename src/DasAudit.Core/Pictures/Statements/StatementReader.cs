using System.Text;
using DasAudit.Core.Pictures.Blocks;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>Reads what a picture file says of rights and use.</summary>
internal static class StatementReader
{
    private const int LongestText = 10_000;

    /// <summary>Reads a file, whatever it holds: what is damaged becomes a problem.</summary>
    /// <param name="file">Seekable.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStatements Read(Stream file)
    {
        var blocks = FileBlocks.Read(file);
        if (!blocks.MayState)
            return FileStatements.None;
        var found = new StatementList();
        foreach (var problem in blocks.Problems)
            found.AddProblem(problem);
        foreach (var block in blocks.Blocks)
            Read(block, found);
        return found.All();
    }

    /// <summary>A text without its padding, and cut if it is very long.</summary>
    public static string Clean(string text)
    {
        var clean = text.Trim('\0', ' ', '\t', '\r', '\n').Replace("\0", "; ", StringComparison.Ordinal);
        return clean.Length <= LongestText ? clean : clean[..LongestText] + " …";
    }

    /// <summary>Text of UTF-8; of Latin-1 where the bytes are not.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Clean(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Clean(Encoding.Latin1.GetString(bytes));
        }
    }

    private static void Read(PictureBlock block, StatementList found)
    {
        switch (block.Kind)
        {
            case BlockKind.Xmp:
                XmpStatements.Read(block.Bytes, found);
                break;
            case BlockKind.Photoshop:
                IptcStatements.ReadResources(block.Bytes, found);
                break;
            case BlockKind.Iptc:
                IptcStatements.Read(block.Bytes, found);
                break;
            case BlockKind.C2pa:
                C2paStatements.Read(block.Bytes, found);
                break;
            default:
                var isAuthor =
                    block.Name.EndsWith("Artist", StringComparison.Ordinal)
                    || block.Name.EndsWith("Author", StringComparison.Ordinal);
                found.Add(isAuthor ? RightsTextKind.Author : RightsTextKind.Notice, block.Name, Decode(block.Bytes));
                break;
        }
    }
}
