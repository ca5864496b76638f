using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>
/// CLIP's tokenizer (byte-level byte pair encoding of lower-case words), as transformers' CLIPTokenizerFast has it.
/// </summary>
internal sealed partial class ClipTokenizer
{
    private readonly ClipVocabulary _vocabulary;
    private readonly BpeTokenizer _encoding;

    internal ClipTokenizer(ClipVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var specialTokens = new Dictionary<string, int>
        {
            [ClipVocabulary.StartToken] = vocabulary.StartId,
            [ClipVocabulary.EndToken] = vocabulary.EndId,
        };
        _encoding = BpeTokenizer.Create(
            new BpeOptions(vocabulary.Ids)
            {
                Merges = vocabulary.Merges,
                ByteLevel = true,
                EndOfWordSuffix = "</w>",
                UnknownToken = ClipVocabulary.EndToken,
                SpecialTokens = specialTokens,
                PreTokenizer = new RegexPreTokenizer(Words(), specialTokens),
            }
        );
    }

    /// <summary>How many tokens every prompt has, with start, end and padding.</summary>
    internal int Length => _vocabulary.Length;

    /// <summary>Tokenizes a prompt; what is too long is cut where the published code cuts it, and noted.</summary>
    internal TokenizedPrompt Encode(string prompt)
    {
        var lower = LowerCase(prompt);
        var words = _encoding.EncodeToTokens(lower, out _);
        var room = Length - 2;
        long[] tokens =
        [
            _vocabulary.StartId,
            .. words.Take(room).Select(word => (long)word.Id),
            _vocabulary.EndId,
            .. Enumerable.Repeat((long)_vocabulary.PaddingId, Math.Max(room - words.Count, 0)),
        ];
        var notes = new List<string>();
        if (words.Count > room)
        {
            var cut = lower[words[room].Offset.Start..].Trim();
            notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The prompt has {words.Count} tokens, of which the text encoder takes {room}; '{cut}' is cut off."
                )
            );
        }
        if (Decomposed().IsMatch(prompt))
            notes.Add(
                $"The prompt '{prompt}' writes accents or syllables as several characters, which the published code "
                    + "puts together before it tokenizes, but this tool does not; write them as one character."
            );
        return new TokenizedPrompt(tokens, notes);
    }

    // The one letter whose lower case is two characters.
    private static string LowerCase(string prompt) =>
        prompt.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+")]
    private static partial Regex Words();

    // Combining accents, voiced sound marks and Hangul jamo: .NET composes none of them in its invariant mode.
    [GeneratedRegex(@"[\u0300-\u036F\u1100-\u11FF\u3099\u309A]")]
    private static partial Regex Decomposed();
}
