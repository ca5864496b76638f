using System.IO.Compression;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>
/// The vocabulary of CLIP as its authors made it from a list of merges (Radford et al., 2021; simple_tokenizer.py): 256
/// bytes, the same at a word's end, what each merge gives, and two special tokens.
/// </summary>
internal static class BuiltInVocabulary
{
    /// <summary>How many tokens it has.</summary>
    internal const int Count = 49408;

    private const string Resource = "clip-merges.txt.gz";
    private const string EndOfWord = "</w>";

    /// <summary>Pairs of tokens, separated by a space, the first ones first.</summary>
    internal static IReadOnlyList<string> Merges()
    {
        using var stream = typeof(BuiltInVocabulary).Assembly.GetManifestResourceStream(Resource)!;
        using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The id of each token that the merges give.</summary>
    internal static IReadOnlyDictionary<string, int> Ids(IReadOnlyList<string> merges)
    {
        var bytes = ByteTokens();
        string[] tokens =
        [
            .. bytes,
            .. bytes.Select(token => token + EndOfWord),
            .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
            ClipVocabulary.StartToken,
            ClipVocabulary.EndToken,
        ];
        return tokens.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
    }

    // A byte is the character of its code if that can be seen; the others are the characters from 256 on.
    private static List<string> ByteTokens()
    {
        int[] visible = [.. Enumerable.Range('!', 94), .. Enumerable.Range('¡', 12), .. Enumerable.Range('®', 82)];
        var invisible = Enumerable.Range(0, 256).Except(visible).Select((_, index) => 256 + index);
        return [.. visible.Concat(invisible).Select(code => ((char)code).ToString())];
    }
}
