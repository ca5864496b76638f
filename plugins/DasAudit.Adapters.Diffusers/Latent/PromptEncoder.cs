using DasAudit.Adapters.Diffusers.TextEncoders;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>From prompts to embeddings, as the pipelines of Stable Diffusion and SDXL make them.</summary>
/// <param name="encoders">
/// One: its last hidden state. Two: of both the last but one, and the second's pooled one.
/// </param>
/// <param name="tokenizers">That of each encoder.</param>
/// <param name="zerosForNone">Whether no prompt at all means zeros; otherwise it means the empty prompt.</param>
internal sealed class PromptEncoder(
    IReadOnlyList<ClipTextModel> encoders,
    IReadOnlyList<ClipTokenizer> tokenizers,
    bool zerosForNone
)
{
    /// <summary>What is lost of a prompt.</summary>
    internal IReadOnlyList<string> Notes(string prompt) =>
        [.. tokenizers.SelectMany(tokenizer => tokenizer.Encode(prompt).Notes).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The tokens of each encoder, and which rows have a prompt; the caller's dispose scope owns them.
    /// </summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Tokens(IReadOnlyList<Condition> conditions, Device device)
    {
        foreach (var (index, tokenizer) in tokenizers.Index())
        {
            var ids = conditions.SelectMany(condition => tokenizer.Encode(PromptOf(condition)).Tokens);
            yield return (
                ConditionNames.TokenIds(index),
                tensor(ids.ToArray(), [conditions.Count, tokenizer.Length], device: device)
            );
        }

        var factors = conditions.Select(condition => zerosForNone && condition.IsNone ? 0f : 1f).ToArray();
        yield return (ConditionNames.TextFactor, tensor(factors, device: device));
    }

    /// <summary>The embeddings of tokens by the names of <see cref="Tokens"/>.</summary>
    internal TextEmbeddings Encode(ConditionTensors tokens)
    {
        var encodings = encoders.Select((encoder, i) => encoder.call(tokens[ConditionNames.TokenIds(i)])).ToList();
        var factors = Factors(tokens);
        if (encodings is [var only])
            return new(only.LastHiddenState * factors.view(-1, 1, 1), null);
        var states = cat([.. encodings.Select(encoding => encoding.Penultimate)], -1);
        return new(states * factors.view(-1, 1, 1), encodings[^1].Pooled * factors.view(-1, 1));
    }

    private static Tensor Factors(ConditionTensors tokens) =>
        tokens.Names.Contains(ConditionNames.TextFactor)
            ? tokens[ConditionNames.TextFactor]
            : ones(tokens.Rows, device: tokens[ConditionNames.TokenIds(0)].device);

    private static string PromptOf(Condition condition) => condition.IsNone ? "" : condition.Caption ?? "";
}
