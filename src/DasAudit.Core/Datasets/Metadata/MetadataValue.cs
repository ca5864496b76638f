namespace DasAudit.Core.Datasets.Metadata;

/// <summary>What a column says of a picture: texts, or something that is none.</summary>
/// <param name="Texts">One for a text, number or truth value; any number for a list; none for silence.</param>
/// <param name="Kind">What stands in the place of a text, such as <c>an object</c>; null if texts do.</param>
internal readonly record struct MetadataValue(IReadOnlyList<string> Texts, string? Kind = null)
{
    public static MetadataValue None { get; } = new([]);

    /// <summary>A single text; blanks around it are dropped, and nothing else is silence.</summary>
    public static MetadataValue Of(string? text) => text?.Trim() is { Length: > 0 } trimmed ? new([trimmed]) : None;

    /// <summary>A list, whose silent members do not count.</summary>
    public static MetadataValue Of(IEnumerable<MetadataValue> members)
    {
        var texts = new List<string>();
        foreach (var member in members)
        {
            if (member.Kind is not null)
                return member with { Kind = $"a list with {member.Kind}" };
            texts.AddRange(member.Texts);
        }

        return new(texts);
    }

    public static MetadataValue Unusable(string kind) => new([], kind);
}
