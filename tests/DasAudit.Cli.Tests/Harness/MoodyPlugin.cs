using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>Puts copies of the Moody plugin where a test wants them, sound or damaged.</summary>
internal static class MoodyPlugin
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "plugins", "Moody");

    /// <summary>Copies the plugin to FOLDER/NAME/NAME.dll.</summary>
    /// <returns>Path of the assembly.</returns>
    public static string Install(string folder, string name = "Moody", string? mood = null)
    {
        var target = Path.Combine(folder, name);
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(Source))
            File.Copy(file, Path.Combine(target, Renamed(Path.GetFileName(file), name)));
        if (mood is not null)
            File.WriteAllText(Path.Combine(target, "mood.txt"), mood);
        return Path.Combine(target, name + ".dll");
    }

    /// <summary>Makes an assembly look as if it had been compiled against another version of an assembly.</summary>
    public static void Retarget(string assembly, string reference, Version version) =>
        Patch(
            assembly,
            reader =>
            {
                var handle = reader.AssemblyReferences.Single(handle =>
                    reader.GetString(reader.GetAssemblyReference(handle).Name) == reference
                );
                return (TableIndex.AssemblyRef, MetadataTokens.GetRowNumber(handle), 0);
            },
            version
        );

    /// <summary>Makes an assembly look as if it had another version itself.</summary>
    public static void Reversion(string assembly, Version version) =>
        Patch(assembly, _ => (TableIndex.Assembly, 1, 4), version);

    /// <summary>Renames something in an assembly's metadata; both names have the same length.</summary>
    public static void Rename(string assembly, string from, string to)
    {
        var bytes = File.ReadAllBytes(assembly);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\0{from}\0"));
        Assert.True(at >= 0);
        Encoding.UTF8.GetBytes(to).CopyTo(bytes, at + 1);
        File.WriteAllBytes(assembly, bytes);
    }

    private static string Renamed(string fileName, string name) =>
        fileName.StartsWith("Moody.", StringComparison.Ordinal) ? name + fileName["Moody".Length..] : fileName;

    // Assembly and AssemblyRef rows hold the version as four 16-bit numbers.
    private static void Patch(
        string assembly,
        Func<MetadataReader, (TableIndex Table, int Row, int Offset)> find,
        Version version
    )
    {
        var bytes = File.ReadAllBytes(assembly);
        using var image = new PEReader(new MemoryStream(bytes));
        var reader = image.GetMetadataReader();
        var (table, row, offset) = find(reader);
        var rowStart = reader.GetTableMetadataOffset(table) + (row - 1) * reader.GetTableRowSize(table);
        var at = image.PEHeaders.MetadataStartOffset + rowStart + offset;
        foreach (var number in new[] { version.Major, version.Minor, version.Build, version.Revision })
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), (ushort)number);
            at += sizeof(ushort);
        }
        File.WriteAllBytes(assembly, bytes);
    }
}
