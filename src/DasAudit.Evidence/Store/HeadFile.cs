using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Store;

/// <summary>
/// <c>FILE.head</c> beside the store: the head of its chain, written when a record is safe in the database. So it is
/// equal to the database's own, or, after a crash between the two, one record behind.
/// </summary>
internal sealed class HeadFile(string storePath, StoreErrors errors)
{
    /// <summary>What the file is called, after the store.</summary>
    internal const string Suffix = ".head";

    private const int Longest = 4096;

    internal string Path { get; } = System.IO.Path.GetFullPath(storePath) + Suffix;

    /// <summary>The head; null where there is no file.</summary>
    internal ChainHead? Read()
    {
        if (!File.Exists(Path))
            return null;
        try
        {
            return Read(Path);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw errors.Damaged($"its head file '{Path}' is not what was written", e);
        }
    }

    internal void Write(ChainHead head) => DurableFile.Write(Path, CanonicalJson.Serialize(head));

    /// <summary>Reads a head, or a copy of one, that must be written as <see cref="Write"/> does.</summary>
    /// <exception cref="InvalidDataException">It is too large or written otherwise.</exception>
    /// <exception cref="JsonException">It is no head.</exception>
    internal static ChainHead Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > Longest)
            throw new InvalidDataException("The file is too large for a head.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var head = ChainHead.Parse(bytes);
        return bytes.AsSpan().SequenceEqual(CanonicalJson.Serialize(head))
            ? head
            : throw new InvalidDataException("The head is not in canonical form.");
    }
}
