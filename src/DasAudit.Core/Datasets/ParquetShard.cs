using DasAudit.Core.Datasets.Metadata;
using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Datasets;

/// <summary>One Parquet file with pictures. Nothing stays open between two calls.</summary>
internal sealed class ParquetShard
{
    private const long LargestRowGroup = 1L << 31;

    private readonly DataField _bytes;
    private readonly DataField? _names;
    private readonly IReadOnlyList<Field> _metadata;

    private ParquetShard(PackedFile file, ParquetReader reader, Field picture, CaptionColumns captions)
    {
        File = file;
        _bytes = ParquetPictureColumn.BytesOf(picture)!;
        _names = ParquetPictureColumn.NamesOf(picture);
        _metadata = [.. reader.Schema.Fields.Where(field => field.Name != picture.Name && IsRead(field, captions))];
        GroupLengths = [.. reader.RowGroups.Select(group => checked((int)group.RowCount))];
    }

    public PackedFile File { get; }

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<int> GroupLengths { get; }

    /// <summary>Looks at a file's footer and first pictures; null if it holds none.</summary>
    /// <param name="captions">The columns with captions.</param>
    public static ParquetShard? Open(PackedFile file, CaptionColumns captions) =>
        Use(
            file,
            reader =>
                ParquetPictureColumn.Find(reader, file) is { } picture
                    ? new ParquetShard(file, reader, picture, captions)
                    : null
        );

    /// <summary>The names of a row group's pictures, null for none, and what the shard says of each.</summary>
    /// <param name="firstRow">Number of the row group's first row in the shard, from 1.</param>
    public IReadOnlyList<(string? Name, MetadataRecord Record)> ReadRows(int group, long firstRow) =>
        Use(
            File,
            reader =>
            {
                var rows = reader.OpenRowGroupReader(group);
                var names = _names is null ? null : ParquetColumn.Read(rows, _names);
                var columns = _metadata.Select(field => (field.Name, Values: ParquetColumn.Read(rows, field))).ToList();
                return Enumerable.Range(0, GroupLengths[group]).Select(Row).ToList();

                (string? Name, MetadataRecord Record) Row(int row)
                {
                    var place = MetadataPlace.Row(File.Path, firstRow + row);
                    var name = names?[row].Texts is [var text, ..] ? text : null;
                    return (name, new(place, [.. columns.Select(column => (column.Name, column.Values[row]))]));
                }
            }
        );

    /// <summary>The bytes of all pictures of a row group; null where a row has none.</summary>
    public ReadOnlyMemory<byte>?[] ReadPictures(int group) =>
        Use(
            File,
            reader =>
            {
                var rows = reader.OpenRowGroupReader(group);
                var length = rows.GetMetadata(_bytes)?.MetaData?.TotalUncompressedSize ?? 0;
                if (length > LargestRowGroup)
                    throw new AuditException(
                        $"'{File.Path}' holds {length} bytes of pictures in one row group, more than can be read at "
                            + "once; write it again with row groups of 100 rows."
                    );
                return ParquetBytes.Read(rows, _bytes);
            }
        );

    // What names pictures elsewhere is of no use here: the pictures themselves are.
    private static bool IsRead(Field field, CaptionColumns captions) =>
        MetadataColumns.AreRead(field.Name, captions) && !MetadataColumns.CanNamePictures(field.Name);

    private static T Use<T>(PackedFile file, Func<ParquetReader, T> read)
    {
        try
        {
            using var stream = file.Open();
            return read(ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is not (AuditException or OutOfMemoryException or UnauthorizedAccessException))
        {
            // The library meets damage with exceptions of any kind.
            throw new AuditException($"'{file.Path}' is damaged or no Parquet file ({e.Message}); fetch it again.", e);
        }
    }
}
