namespace DasAudit.Evidence.Document;

/// <summary>A piece of text with all that a renderer must know to set it and to keep it harmless.</summary>
internal sealed record Content(string Text, ContentKind Kind, Tone Tone = Tone.Plain)
{
    /// <summary>What stands where there is no value.</summary>
    internal static Content None { get; } = Figure("–");

    internal static Content Words(string text) => new(text, ContentKind.Words);

    internal static Content Figure(string text) => new(text, ContentKind.Figure);

    internal static Content Foreign(string text) => new(text, ContentKind.Foreign);

    internal static Content Code(string text) => new(text, ContentKind.Code);
}

/// <summary>Where a text comes from, and what it is.</summary>
internal enum ContentKind
{
    /// <summary>The program's own words.</summary>
    Words,

    /// <summary>A number or a sign that this program wrote; holds no markup of any form.</summary>
    Figure,

    /// <summary>From a file or a person.</summary>
    Foreign,

    /// <summary>A path, a hash or an identifier, from a file or a person.</summary>
    Code,
}

/// <summary>What a text says beside its words; no text relies on it.</summary>
internal enum Tone
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>The training picture helps.</summary>
    For,

    /// <summary>The training picture hinders.</summary>
    Against,

    /// <summary>Nothing is known.</summary>
    Muted,
}
