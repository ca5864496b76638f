using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Reads <c>metadata.parquet</c>; columns that are not looked at are not read.</summary>
internal static class ParquetMetadata
{
    public static IEnumerable<MetadataRecord> Read(string path, string name, CaptionColumns captions)
    {
        using var file = File.OpenRead(path);
        GitLfs.Refuse(file, name);
        var reader = Try(name, () => ParquetReader.CreateAsync(file, leaveStreamOpen: true).GetAwaiter().GetResult());
        var row = 0L;
        try
        {
            var columns = ColumnsOf(Try(name, () => reader.Schema), captions, MetadataPlace.Row(name, 1));
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                var values = Try(name, () => ReadGroup(reader, group, columns));
                for (var i = 0; i < values[0].Count; i++)
                {
                    row++;
                    yield return new(
                        MetadataPlace.Row(name, row),
                        [.. columns.Zip(values, (column, ofColumn) => (column.Name, ofColumn[i]))]
                    );
                }
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static List<Field> ColumnsOf(ParquetSchema schema, CaptionColumns captions, MetadataPlace place)
    {
        List<Field> columns = [.. schema.Fields.Where(field => MetadataColumns.AreRead(field.Name, captions))];
        List<string> names = [.. columns.Select(column => column.Name)];
        if (MetadataColumns.NamingPictures([.. names.Where(MetadataColumns.CanNamePictures)], place) is null)
            throw new AuditException(
                $"'{place.File}' has no column {MetadataColumns.FileName}; add one that names the pictures, relative "
                    + "to the file."
            );
        return columns;
    }

    private static List<IReadOnlyList<MetadataValue>> ReadGroup(ParquetReader reader, int group, List<Field> columns)
    {
        using var rows = reader.OpenRowGroupReader(group);
        List<IReadOnlyList<MetadataValue>> values = [.. columns.Select(column => ParquetColumn.Read(rows, column))];
        return values.TrueForAll(column => column.Count == rows.RowCount)
            ? values
            : throw new InvalidDataException("a column has another number of rows than its file");
    }

    private static T Try<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        // Of a damaged file the library throws whatever its bytes lead to, such as the wish for too much memory.
        catch (Exception e) when (e is not AuditException)
        {
            throw new AuditException(
                $"'{name}' is no Parquet file that can be read ({e.Message.TrimEnd('.')}); write it again, or write "
                    + "metadata.jsonl instead.",
                e
            );
        }
    }
}
