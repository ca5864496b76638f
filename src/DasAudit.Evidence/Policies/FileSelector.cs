using Microsoft.Extensions.FileSystemGlobbing;

namespace DasAudit.Evidence.Policies;

/// <summary>Selects files by a pattern of their paths, such as <c>assets/**/*.png</c>, or by a hash.</summary>
internal sealed class FileSelector
{
    /// <summary>Fewer digits of a hash would be a word too easily.</summary>
    internal const int FewestDigits = 12;

    private readonly Matcher _matcher = new(StringComparison.Ordinal);
    private readonly string _text;

    internal FileSelector(string text)
    {
        _text = text;
        _matcher.AddInclude(Plain(text));
    }

    private bool IsHash => _text.Length is >= FewestDigits and <= 64 && _text.All(char.IsAsciiHexDigit);

    internal bool Selects(string? path, params ReadOnlySpan<string?> hashes)
    {
        if (IsHash)
            foreach (var hash in hashes)
                if (hash?.StartsWith(_text, StringComparison.OrdinalIgnoreCase) == true)
                    return true;
        return path is not null && (Plain(path) == Plain(_text) || _matcher.Match("/", Plain(path)).HasMatches);
    }

    public override string ToString() => _text;

    private static string Plain(string path)
    {
        var slashes = path.Replace('\\', '/');
        return slashes.StartsWith("./", StringComparison.Ordinal) ? slashes[2..] : slashes;
    }
}
