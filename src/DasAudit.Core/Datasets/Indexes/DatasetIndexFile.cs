using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets.Indexes;

/// <summary>An index on disk.</summary>
/// <remarks>
/// A line of JSON (<see cref="Header"/>), a row for each picture in ordinal order of path (<see cref="IndexRow"/>,
/// little-endian), the paths and problems in UTF-8, one after the other, and XXH128 of all that.
/// </remarks>
internal static class DatasetIndexFile
{
    private const string SchemaId = "das-audit/dataset-index-file/1";
    private const int ChecksumLength = 16;

    public static void Write(string path, DatasetIndex index)
    {
        var entries = index.Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal).ToList();
        var header = new Header(SchemaId, index.Key.Dataset, index.Key.Options, index.Key.Pixels, entries.Count);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(header, JsonSerializerOptions.Web), (byte)'\n'];
        var rows = new IndexRow[entries.Count];
        using var texts = new MemoryStream();
        for (var i = 0; i < rows.Length; i++)
        {
            var name = Encoding.UTF8.GetBytes(entries[i].Path);
            var problem = Encoding.UTF8.GetBytes(entries[i].Outcome.Problem ?? "");
            texts.Write(name);
            texts.Write(problem);
            rows[i] = IndexRow.Of(entries[i], name.Length, problem.Length);
        }

        AtomicFile.Write(
            path,
            (Stream file) =>
            {
                var checksum = new XxHash128();
                Append(line);
                Append(MemoryMarshal.AsBytes<IndexRow>(rows));
                Append(texts.GetBuffer().AsSpan(0, (int)texts.Length));
                file.Write(checksum.GetCurrentHash());

                void Append(ReadOnlySpan<byte> bytes)
                {
                    checksum.Append(bytes);
                    file.Write(bytes);
                }
            }
        );
    }

    /// <summary>Reads an index; null if it is of another version, which is as good as none.</summary>
    /// <exception cref="InvalidDataException">It is damaged or about something else.</exception>
    public static DatasetIndex? Read(string path, DatasetIndexKey key)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        var line = bytes.IndexOf((byte)'\n');
        if (line < 0 || bytes.Length < line + 1 + ChecksumLength)
            throw new InvalidDataException("It ends too early.");
        var body = bytes[..^ChecksumLength];
        if (!XxHash128.Hash(body).AsSpan().SequenceEqual(bytes[^ChecksumLength..]))
            throw new InvalidDataException("Its checksum is wrong.");
        var header = ReadHeader(bytes[..line]);
        if (header.Schema != SchemaId || header.Pixels != key.Pixels)
            return null;
        if (header.Dataset != key.Dataset || header.Options != key.Options)
            throw new InvalidDataException("It is about another dataset.");
        var rowBytes = (long)header.Pictures * Unsafe.SizeOf<IndexRow>();
        if (header.Pictures < 0 || rowBytes > body.Length - line - 1)
            throw new InvalidDataException("It has fewer rows than it says.");
        var rows = MemoryMarshal.Cast<byte, IndexRow>(body.Slice(line + 1, (int)rowBytes));
        return new(key, ReadEntries(rows, body[(line + 1 + (int)rowBytes)..]));
    }

    private static Header ReadHeader(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Header>(line, JsonSerializerOptions.Web)
                ?? throw new InvalidDataException("It has no header.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("It has no header.", e);
        }
    }

    private static IndexEntry[] ReadEntries(ReadOnlySpan<IndexRow> rows, ReadOnlySpan<byte> texts)
    {
        var entries = new IndexEntry[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var name = Take(ref texts, rows[i].PathBytes);
            var problem = Take(ref texts, rows[i].ProblemBytes);
            entries[i] = rows[i].Entry(name, problem);
        }

        return entries;
    }

    private static string Take(ref ReadOnlySpan<byte> texts, int length)
    {
        if ((uint)length > (uint)texts.Length)
            throw new InvalidDataException("Its texts end too early.");
        var text = Encoding.UTF8.GetString(texts[..length]);
        texts = texts[length..];
        return text;
    }

    private sealed record Header(string Schema, string Dataset, string Options, string Pixels, int Pictures);
}
