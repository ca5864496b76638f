using System.Globalization;
using System.IO.Compression;

namespace DasAudit.Evidence.Bundles;

/// <summary>
/// Reads the files in a bundle into memory, each by a name that bundles have; nothing is ever unpacked. What no bundle
/// holds is named and not read.
/// </summary>
internal sealed class BundleReader
{
    /// <summary>The largest bundle that is read, in bytes.</summary>
    internal const long LargestFile = 128L << 20;

    /// <summary>The most files in a bundle.</summary>
    internal const int MostParts = 10_000;

    private const int MostProblems = 20;
    private const int KindMask = 0xf000;
    private const int SymbolicLink = 0xa000;

    private readonly List<BundlePart> _parts = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="file">The bundle.</param>
    internal BundleReader(byte[] file)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
            Read(zip, file.Length);
        }
        catch (Exception e)
            when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            _problems.Add("it is no readable zip file, or was cut or damaged");
        }

        if (_problems.Count == 0 && !StoredZip.Write(_parts).AsSpan().SequenceEqual(file))
            _problems.Add("the zip file around its parts is not as das-audit writes it: it was packed anew or altered");
    }

    /// <summary>What could be read, in the file's order.</summary>
    internal IReadOnlyList<BundlePart> Parts => _parts;

    /// <summary>What no bundle has, as parts of sentences.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>The bytes of a part; null if it is not there.</summary>
    internal byte[]? Find(string name) => _parts.Find(part => part.Name == name)?.Bytes;

    private void Read(ZipArchive zip, int length)
    {
        if (zip.Entries.Count > MostParts)
        {
            _problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it holds {zip.Entries.Count} files, and a bundle has {MostParts} at most"
                )
            );
            return;
        }

        foreach (var entry in zip.Entries)
        {
            if (_problems.Count >= MostProblems)
                return;
            if (Problem(entry, length) is { } problem)
                _problems.Add(problem);
            else
                _parts.Add(new(entry.FullName, Bytes(entry)));
        }
    }

    private string? Problem(ZipArchiveEntry entry, int length)
    {
        var name = entry.FullName;
        if (
            name.Contains("..", StringComparison.Ordinal)
            || name.StartsWith('/')
            || name.Contains('\\', StringComparison.Ordinal)
        )
            return $"it holds '{name}', a name that leads out of a folder";
        if (((entry.ExternalAttributes >> 16) & KindMask) == SymbolicLink)
            return $"'{name}' in it is a link";
        if (!BundleNames.IsKnown(name))
            return $"it holds '{name}', which no bundle does";
        if (!_names.Add(name))
            return $"it holds '{name}' twice";
        return entry.Length != entry.CompressedLength || entry.Length > length
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"'{name}' is compressed ({entry.CompressedLength} bytes that say they make {entry.Length}), "
            ) + "and nothing in a bundle is"
            : null;
    }

    // A stored entry has as many bytes as the file at most, whatever it says.
    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
