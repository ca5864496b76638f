namespace DasAudit.Core.Datasets;

/// <summary>Keeps equal statements of rights once, however many pictures they are about.</summary>
internal sealed class SharedTexts
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<Rights, Rights> _rights = [];

    public string? Share(string? text)
    {
        if (text is null)
            return null;
        if (_texts.TryGetValue(text, out var shared))
            return shared;
        _texts.Add(text, text);
        return text;
    }

    public Rights Share(Rights rights)
    {
        if (_rights.TryGetValue(rights, out var shared))
            return shared;
        _rights.Add(rights, rights);
        return rights;
    }
}
