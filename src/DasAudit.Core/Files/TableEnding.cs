namespace DasAudit.Core.Files;

/// <summary>The form of a table, by the ending of its file's name; case does not matter.</summary>
public static class TableEnding
{
    private const string Csv = ".csv";
    private const string Parquet = ".parquet";

    /// <summary>Whether it is one of the two.</summary>
    public static bool IsKnown(string name) => IsCsv(name) || IsParquet(name);

    /// <summary>Whether it is CSV.</summary>
    public static bool IsCsv(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(Csv, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether it is Parquet.</summary>
    public static bool IsParquet(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase);
    }
}
