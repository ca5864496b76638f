namespace DasAudit.Evidence.Document;

/// <summary>A piece of text with all that a renderer must know to set it and to keep it harmless.</summary>
internal sealed record Content(string Text, ContentKind Kind, Tone Tone = Tone.Plain)
{
    /// <summary>What stands where there is no value.</summary>
    internal static readonly Content None = Figure("–");

    /// <summary>The program's own words.</summary>
    internal static Content Words(string text) => new(text, ContentKind.Words);

    /// <summary>A number or a sign that this program wrote; it holds no markup of any form.</summary>
    internal static Content Figure(string text) => new(text, ContentKind.Figure);

    /// <summary>Text from a file or a person.</summary>
    internal static Content Foreign(string text) => new(text, ContentKind.Foreign);

    /// <summary>A path, a hash or an identifier, from a file or a person.</summary>
    internal static Content Code(string text) => new(text, ContentKind.Code);
}

/// <summary>Where a text comes from, and what it is.</summary>
internal enum ContentKind
{
    Words,
    Figure,
    Foreign,
    Code,
}

/// <summary>What a colour may say beside the words; no text relies on it.</summary>
internal enum Tone
{
    Plain,
    For,
    Against,
    Muted,
}
