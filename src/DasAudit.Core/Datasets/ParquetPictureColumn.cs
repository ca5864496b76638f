using DasAudit.Core.Pictures;
using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Datasets;

/// <summary>Finds the column with the pictures, which <c>datasets</c> stores as a struct of bytes and path.</summary>
/// <remarks>Sounds are stored likewise: the bytes tell. A plain column of bytes is taken as well.</remarks>
internal static class ParquetPictureColumn
{
    private const string UsualName = "image";

    /// <summary>The column; null if there is none. Of several, the one called <c>image</c>.</summary>
    public static Field? Find(ParquetReader reader, PackedFile file)
    {
        var pictures = reader.Schema.Fields.Where(field => HoldsPictures(field, reader)).ToList();
        if (pictures.Count < 2)
            return pictures.FirstOrDefault();
        var names = string.Join(", ", pictures.Select(field => field.Name));
        return pictures.FirstOrDefault(field => field.Name == UsualName)
            ?? throw new AuditException(
                $"'{file.Path}' holds pictures in several columns ({names}), and nothing says which the model saw; "
                    + "write the shards with one of them, or call that one image."
            );
    }

    /// <summary>Where the bytes stand; null if the column has none.</summary>
    public static DataField? BytesOf(Field column)
    {
        var bytes = column is StructField ? ChildOf(column, "bytes") : column as DataField;
        return bytes is { MaxRepetitionLevel: 0 } && bytes.ClrType == typeof(ReadOnlyMemory<byte>) ? bytes : null;
    }

    /// <summary>Where the names of the pictures' files stand; null if the column has none.</summary>
    public static DataField? NamesOf(Field column) =>
        ChildOf(column, "path") is { } path && path.ClrType == typeof(ReadOnlyMemory<char>) ? path : null;

    private static DataField? ChildOf(Field column, string name) =>
        (column as StructField)?.Fields.OfType<DataField>().FirstOrDefault(field => field.Name == name);

    private static bool HoldsPictures(Field column, ParquetReader reader)
    {
        if (BytesOf(column) is not { } bytes)
            return false;
        foreach (var group in reader.RowGroups)
        {
            var first = ParquetBytes.Read(group, bytes).FirstOrDefault(value => value is not null);
            if (first is { } value)
                return PictureFormat.Detect(value.Span) is not null;
        }

        // Names without bytes: each picture is then refused by name.
        return column.Name == UsualName && reader.RowGroups.Count > 0;
    }
}
