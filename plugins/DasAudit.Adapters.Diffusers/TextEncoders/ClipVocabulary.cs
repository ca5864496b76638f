using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>What a CLIP tokenizer is made from.</summary>
/// <param name="Ids">The id of each token.</param>
/// <param name="Merges">Pairs of tokens to merge, separated by a space, the first ones first.</param>
/// <param name="PaddingToken">What a prompt is filled up with; encoders differ in it.</param>
/// <param name="Length">How many tokens a prompt is filled up with it to.</param>
internal sealed record ClipVocabulary(
    IReadOnlyDictionary<string, int> Ids,
    IReadOnlyList<string> Merges,
    string PaddingToken,
    int Length
)
{
    internal const string StartToken = "<|startoftext|>";
    internal const string EndToken = "<|endoftext|>";
    private static readonly string[] DecidingFiles =
    [
        "vocab.json",
        "merges.txt",
        "special_tokens_map.json",
        "tokenizer_config.json",
        "added_tokens.json",
    ];

    private const int DefaultLength = 77;
    private const int LongestLength = 1 << 16;

    internal int StartId => Ids[StartToken];

    internal int EndId => Ids[EndToken];

    internal int PaddingId => Ids[PaddingToken];

    /// <summary>The files of a tokenizer folder that decide its tokens.</summary>
    internal static IEnumerable<string> Files(string folder) =>
        DecidingFiles.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>Reads a tokenizer folder of a pipeline.</summary>
    internal static ClipVocabulary Read(string folder)
    {
        var ids = ReadIds(Path.Combine(folder, "vocab.json"));
        var settings = Path.Combine(folder, "tokenizer_config.json");
        var vocabulary = new ClipVocabulary(
            ids,
            ReadMerges(Path.Combine(folder, "merges.txt")),
            PaddingIn(Path.Combine(folder, "special_tokens_map.json")) ?? PaddingIn(settings) ?? EndToken,
            LengthIn(settings)
        );
        foreach (var token in (string[])[StartToken, EndToken, vocabulary.PaddingToken])
            if (!ids.ContainsKey(token))
                throw new AuditException(
                    $"'{folder}' is no CLIP tokenizer: its vocab.json lacks the token {token}; get the folder again."
                );
        RefuseAddedTokens(Path.Combine(folder, "added_tokens.json"), ids);
        return vocabulary;
    }

    /// <summary>CLIP's own, which the tool holds: 49,408 tokens.</summary>
    internal static ClipVocabulary BuiltIn(string paddingToken)
    {
        var merges = BuiltInVocabulary.Merges();
        return new(BuiltInVocabulary.Ids(merges), merges, paddingToken, DefaultLength);
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in JsonConfig.Read(path).Entries)
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id))
                throw new AuditException(
                    $"'{path}' gives the token '{entry.Name}' no whole number; get the file again."
                );
            ids[entry.Name] = id;
        }
        return ids;
    }

    private static string[] ReadMerges(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Where(line => line.Length > 0 && !line.StartsWith("#version"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{path}' cannot be read; a CLIP tokenizer needs it.", e);
        }
    }

    // The token's text, or an object with it as "content".
    private static string? PaddingIn(string path)
    {
        const string Key = "pad_token";
        if (!File.Exists(path))
            return null;
        var json = JsonConfig.Read(path);
        return json.Find(Key) is { ValueKind: JsonValueKind.Object } token
            ? token.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                ? content.GetString()
                : throw json.Refuse(Key, token, "where a text or an object with a content is expected")
            : json.String(Key, null);
    }

    private static int LengthIn(string path)
    {
        const string Key = "model_max_length";
        if (!File.Exists(path))
            return DefaultLength;
        var json = JsonConfig.Read(path);
        // transformers writes 10³⁰ for a length that it does not know.
        return json.Find(Key) is { ValueKind: JsonValueKind.Number } length && length.GetDouble() > LongestLength
            ? DefaultLength
            : json.Int(Key, DefaultLength, 3, LongestLength);
    }

    private static void RefuseAddedTokens(string path, Dictionary<string, int> ids)
    {
        if (!File.Exists(path))
            return;
        foreach (var token in ReadIds(path))
            if (!ids.TryGetValue(token.Key, out var id) || id != token.Value)
                throw new AuditException(
                    $"'{path}' adds the token '{token.Key}', as textual inversion does, which is not supported; remove "
                        + "it if no prompt contains it."
                );
    }
}
