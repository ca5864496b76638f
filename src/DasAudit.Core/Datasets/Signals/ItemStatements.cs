using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>What is said of a training picture, in its file and beside it.</summary>
/// <param name="Texts">Whose it is, by its file.</param>
/// <param name="Signals">Whether it may be mined or trained on, what weighs most first.</param>
/// <param name="Problems">What could not be read: sentences.</param>
internal sealed record ItemStatements(
    IReadOnlyList<RightsText> Texts,
    IReadOnlyList<UseSignal> Signals,
    IReadOnlyList<string> Problems
)
{
    /// <summary>Nothing.</summary>
    public static ItemStatements None { get; } = new([], [], []);
}
