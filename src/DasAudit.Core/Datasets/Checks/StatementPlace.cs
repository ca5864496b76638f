namespace DasAudit.Core.Datasets.Checks;

/// <summary>Names the place of a statement that metadata make, or leave out.</summary>
internal static class StatementPlace
{
    /// <summary>Where metadata state something of a picture: "metadata.csv, line 2, license".</summary>
    /// <param name="column">The column, or member.</param>
    public static string Statement(this TrainingItem item, string column) =>
        item.Metadata.Place is { } place ? $"{place}, {column}" : $"metadata of {item.Path}, {column}";

    /// <summary>That they state nothing: "metadata.csv, line 2, states no license".</summary>
    public static string Silence(this TrainingItem item, string column) =>
        item.Metadata.Place is { } place ? $"{place}, states no {column}" : $"no metadata state a {column}";
}
