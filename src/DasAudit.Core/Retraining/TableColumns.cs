using System.Globalization;
using CsvHelper;
using DasAudit.Core.Files;
using Parquet.Serialization;

namespace DasAudit.Core.Retraining;

/// <summary>The columns of a table that somebody made: CSV with a header, or Parquet.</summary>
internal sealed class TableColumns
{
    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<object?>> _columns;

    private TableColumns(string path, Dictionary<string, IReadOnlyList<object?>> columns) =>
        (_path, _columns) = (path, columns);

    /// <summary>Reads a table.</summary>
    /// <exception cref="AuditException">It cannot be read.</exception>
    internal static TableColumns Read(string path)
    {
        try
        {
            var rows = TableEnding.IsParquet(path) ? ReadParquet(path) : ReadCsv(path);
            IEnumerable<string> names = rows.Count == 0 ? [] : rows[0].Keys;
            return new(
                path,
                names.ToDictionary(
                    name => name,
                    IReadOnlyList<object?> (name) => [.. rows.Select(row => row.GetValueOrDefault(name))],
                    StringComparer.Ordinal
                )
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AuditException(
                $"'{path}' is not there; give a table as {Settings.Name("losses")} and {Settings.Name("parts")} write "
                    + "it.",
                e
            );
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The libraries meet damage with exceptions of any kind.
            throw new AuditException($"'{path}' is no table that can be read ({e.Message}); write it anew.", e);
        }
    }

    internal bool Has(string name) => _columns.ContainsKey(name);

    /// <summary>A column of texts.</summary>
    /// <exception cref="AuditException">It is missing, or a value is.</exception>
    internal IReadOnlyList<string> Texts(string name) =>
        [
            .. Column(name)
                .Select(
                    (value, row) =>
                        value is string { Length: > 0 } text ? text : throw Wrong(name, row, "holds no text")
                ),
        ];

    /// <summary>A column of numbers.</summary>
    /// <exception cref="AuditException">It is missing, or a value is no finite number.</exception>
    internal IReadOnlyList<double> Numbers(string name) =>
        [.. Column(name).Select((value, row) => Number(value) ?? throw Wrong(name, row, "holds no finite number"))];

    /// <summary>A column of whole numbers.</summary>
    /// <exception cref="AuditException">It is missing, or a value is none.</exception>
    internal IReadOnlyList<int> WholeNumbers(string name) =>
        [
            .. Numbers(name)
                .Select(
                    (value, row) =>
                        value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue
                            ? (int)value
                            : throw Wrong(name, row, "holds no whole number")
                ),
        ];

    private static List<Dictionary<string, object?>> ReadCsv(string path)
    {
        using var text = new StreamReader(path);
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        if (!csv.Read() || !csv.ReadHeader())
            return [];
        var names = csv.HeaderRecord!;
        var rows = new List<Dictionary<string, object?>>();
        while (csv.Read())
            rows.Add(names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, object? (name) => csv[name]));
        return rows;
    }

    private static List<Dictionary<string, object?>> ReadParquet(string path)
    {
        using var file = File.OpenRead(path);
        var rows = ParquetSerializer.DeserializeUntypedAsync(file).GetAwaiter().GetResult().Data;
        return [.. rows.Select(row => row.ToDictionary(cell => cell.Key, cell => (object?)cell.Value))];
    }

    private static double? Number(object? value)
    {
        try
        {
            var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            return double.IsFinite(number) ? number : null;
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    private IReadOnlyList<object?> Column(string name) =>
        _columns.GetValueOrDefault(name)
        ?? throw new AuditException(
            $"'{_path}' has no column '{name}', or no rows; it has {string.Join(", ", _columns.Keys)}."
        );

    private AuditException Wrong(string column, int row, string what) =>
        new($"'{_path}' {what} in column '{column}' of row {row + 1}; correct it.");
}
