namespace DasAudit.Core.Pictures.Statements;

/// <summary>Collects what a picture file says, each statement once.</summary>
internal sealed class StatementList
{
    private const int Most = 256;

    private readonly List<RightsText> _texts = [];
    private readonly List<UseSignal> _signals = [];
    private readonly List<string> _problems = [];

    public void Add(RightsTextKind kind, string place, string? text)
    {
        if (text is { Length: > 0 })
            Add(_texts, new(kind, place, text));
    }

    public void Add(UseSignal signal) => Add(_signals, signal);

    /// <param name="problem">A sentence about the file.</param>
    public void AddProblem(string problem) => Add(_problems, problem);

    public FileStatements All() => new(_texts, _signals, _problems);

    private static void Add<T>(List<T> list, T one)
    {
        if (list.Count < Most && !list.Contains(one))
            list.Add(one);
    }
}
