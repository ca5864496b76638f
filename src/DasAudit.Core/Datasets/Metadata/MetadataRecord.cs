namespace DasAudit.Core.Datasets.Metadata;

/// <summary>What a metadata file says of one picture.</summary>
/// <param name="Fields">Columns that are looked at, as the file writes them, in its order.</param>
internal sealed record MetadataRecord(MetadataPlace Place, IReadOnlyList<(string Column, MetadataValue Value)> Fields)
{
    private const string ListSeparator = "; ";

    /// <summary>The texts of a list, or the only one; none if the column is missing or silent.</summary>
    /// <exception cref="AuditException">The column is there twice, or holds something other than text.</exception>
    public IReadOnlyList<string> Texts(string column) => Value(column).Texts;

    /// <summary>All texts of a list, with semicolons between; null for none.</summary>
    /// <inheritdoc cref="Texts"/>
    public string? All(string column)
    {
        var texts = Texts(column);
        return texts.Count switch
        {
            0 => null,
            1 => texts[0],
            _ => string.Join(ListSeparator, texts),
        };
    }

    /// <summary>The only text.</summary>
    /// <exception cref="AuditException">There are several, or as for <see cref="Texts"/>.</exception>
    public string? Single(string column)
    {
        var texts = Texts(column);
        if (texts.Distinct().Count() > 1)
            throw Place.Wrong($"gives {column} several values ('{texts[0]}', '{texts[1]}', …); keep one");
        return texts.Count > 0 ? texts[0] : null;
    }

    private MetadataValue Value(string column)
    {
        MetadataValue? value = null;
        foreach (var field in Fields)
        {
            if (!field.Column.Equals(column, StringComparison.OrdinalIgnoreCase))
                continue;
            if (value is not null)
                throw Place.Wrong($"states {column} twice; keep one");
            value = field.Value;
        }

        if (value?.Kind is { } kind)
            throw Place.Wrong($"gives {column} {kind}; give it a text, a number or a list of texts");
        return value ?? MetadataValue.None;
    }
}
