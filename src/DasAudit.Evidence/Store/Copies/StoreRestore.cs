using System.IO.Compression;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Makes a store of an export.</summary>
internal static class StoreRestore
{
    /// <summary>Verifies an export record by record and makes a new store of it; none is ever overwritten.</summary>
    /// <param name="source">A folder or zip file that <see cref="StoreExport"/> wrote.</param>
    /// <exception cref="DamagedStoreException">The export is not what was written; no store is made.</exception>
    /// <exception cref="AuditException">There is no export, or a store, or the head file of another.</exception>
    internal static ChainHead Run(StoreConnection connection, string source, IProgress<StageProgress>? progress)
    {
        using var files = Open(source);
        var export = new ExportedItems(source, files);
        var head = export.Head();
        connection.CreateNew(() =>
        {
            if (connection.HeadFile.Read() is { Count: > 0 } file && file != head)
                throw connection.Errors.HeadOfAnother(connection.HeadFile.Path, file, head);
            var builder = new StoreBuilder(connection);
            builder.Build(export.Read(head), head, progress);

            // A crash between the two leaves a head file that fits the export, so that it can be restored again.
            connection.HeadFile.Write(head);
            File.Move(builder.Beside, connection.File.Path);
            DurableFile.FlushFolder(connection.File.Path);
        });
        return head;
    }

    private static IExportReader Open(string source)
    {
        if (Directory.Exists(source))
            return new FolderReader(source);
        if (!File.Exists(source))
            throw new AuditException($"There is no export at '{source}'; name a folder or zip file of 'store export'.");
        try
        {
            return new ZipReader(ZipFile.OpenRead(source));
        }
        catch (InvalidDataException e)
        {
            throw new AuditException($"'{source}' is no zip file, so it is no export of a store; name another.", e);
        }
    }
}
