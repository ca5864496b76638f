namespace DasAudit.Core.Audits;

/// <summary>What the audited pictures are said to have been generated with, for a model that takes captions.</summary>
public sealed record GivenPrompts
{
    /// <summary>
    /// The prompt; null (the default) for what each picture says of itself, and the empty prompt where it says nothing.
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>What guidance led away from, for the report; null (the default) for what each picture says.</summary>
    public string? Negative { get; init; }
}
