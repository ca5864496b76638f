using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Writes all records of a store as plain files, which can be read and verified without a database.</summary>
internal static class StoreExport
{
    private const string ZipEnding = ".zip";

    /// <summary>Exports the records that are there now, each checked; others may add to the store meanwhile.</summary>
    /// <param name="target">A folder that is not there yet, or a file that ends with <c>.zip</c>.</param>
    /// <exception cref="DamagedStoreException">A record is not what was written.</exception>
    /// <exception cref="AuditException">The store has no chain yet, or the target is there.</exception>
    internal static ChainHead Write(StoreConnection connection, string target, IProgress<StageProgress>? progress)
    {
        if (Path.Exists(target))
            throw new AuditException(
                $"'{target}' is there already, and no export is written over; name another place."
            );
        var tail = connection.Read(connection.Tail) ?? throw connection.Errors.Unchained();
        if (target.EndsWith(ZipEnding, StringComparison.OrdinalIgnoreCase))
            AtomicFile.Write(
                target,
                (Stream file) =>
                {
                    using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
                    Write(connection, tail.Head, new ZipWriter(zip), progress);
                }
            );
        else
            WriteFolder(target, folder => Write(connection, tail.Head, new FolderWriter(folder), progress));
        return tail.Head;
    }

    private static void WriteFolder(string target, Action<string> write)
    {
        var beside = $"{Path.TrimEndingDirectorySeparator(target)}.{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(beside);
            write(beside);
            Directory.Move(beside, target);
        }
        catch
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
            throw;
        }
    }

    private static void Write(
        StoreConnection connection,
        ChainHead head,
        IExportWriter files,
        IProgress<StageProgress>? progress
    )
    {
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in StoredItems.Read(connection, head, isHeld: false))
        {
            Add(ExportNames.Record(item.Record.Sequence), item.Record.ToCanonicalJson());
            Add(ExportNames.Document(item.Record), CanonicalJson.Of(item.Json));
            foreach (var (sha256, png) in item.Pictures)
                Add(ExportNames.Picture(sha256), png);
            progress?.Report(new("exporting records", item.Record.Sequence, head.Count));
        }

        Add(ExportNames.Head, CanonicalJson.Serialize(head));
        Add(ExportNames.ReadMe, Encoding.UTF8.GetBytes(ExportNames.ReadMeText));
        var lines = string.Concat(
            sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Value}  {sum.Key}\n"))
        );
        files.Write(ExportNames.Sums, Encoding.UTF8.GetBytes(lines));

        void Add(string name, byte[] bytes)
        {
            if (sums.TryAdd(name, Convert.ToHexStringLower(SHA256.HashData(bytes))))
                files.Write(name, bytes);
        }
    }
}
