namespace DasAudit.Core.Pictures.Statements;

/// <summary>What a picture file says of rights and use.</summary>
/// <param name="Texts">Whose it is, in the order of the file.</param>
/// <param name="Signals">Whether it may be mined or trained on.</param>
/// <param name="Problems">What could not be read: sentences about the file.</param>
internal sealed record FileStatements(
    IReadOnlyList<RightsText> Texts,
    IReadOnlyList<UseSignal> Signals,
    IReadOnlyList<string> Problems
)
{
    /// <summary>Nothing.</summary>
    public static FileStatements None { get; } = new([], [], []);
}
