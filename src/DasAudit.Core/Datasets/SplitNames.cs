using System.Text.RegularExpressions;

namespace DasAudit.Core.Datasets;

/// <summary>The splits that names of folders and files state, as Hugging Face's <c>datasets</c> infers them.</summary>
/// <remarks>A name states a split by a keyword between blanks, digits, - . _ or its ends, in any case.</remarks>
internal static partial class SplitNames
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";

    private static readonly Dictionary<string, string> SplitOfKeyword = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = Train,
        ["training"] = Train,
        ["validation"] = Validation,
        ["valid"] = Validation,
        ["dev"] = Validation,
        ["val"] = Validation,
        ["test"] = Test,
        ["testing"] = Test,
        ["eval"] = Test,
        ["evaluation"] = Test,
    };

    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> SplitOfWord =
        SplitOfKeyword.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The split that a path states: its folders, outermost first, else the file's name.</summary>
    /// <param name="relativePath">Relative to the dataset, with forward slashes.</param>
    /// <returns><c>train</c>, <c>validation</c>, <c>test</c>, or null.</returns>
    public static string? OfPath(string relativePath) => OfFolders(relativePath) ?? OfFile(relativePath);

    /// <summary>The split that the folders of a path state, outermost first.</summary>
    /// <inheritdoc cref="OfPath"/>
    public static string? OfFolders(string relativePath)
    {
        var path = relativePath.AsSpan();
        for (var end = path.IndexOf('/'); end >= 0; end = path.IndexOf('/'))
        {
            if (OfName(path[..end]) is { } split)
                return split;
            path = path[(end + 1)..];
        }

        return null;
    }

    /// <summary>The split that the file's name in a path states.</summary>
    /// <inheritdoc cref="OfPath"/>
    public static string? OfFile(string relativePath) => OfName(relativePath.AsSpan(relativePath.LastIndexOf('/') + 1));

    /// <summary>The split that a name states, by the first keyword in it.</summary>
    /// <returns><c>train</c>, <c>validation</c>, <c>test</c>, or null.</returns>
    public static string? OfName(ReadOnlySpan<char> name)
    {
        foreach (var word in Words.EnumerateMatches(name))
            if (SplitOfWord.TryGetValue(name.Slice(word.Index, word.Length), out var split))
                return split;
        return null;
    }

    [GeneratedRegex("[^-._ 0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words { get; }
}
