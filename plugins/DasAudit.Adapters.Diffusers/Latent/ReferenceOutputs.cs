using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Computes what lies behind predictions, for comparison with a reference run: see docs/adapters.md.</summary>
internal sealed class ReferenceOutputs(LatentNetworks networks, IReadOnlyDictionary<string, Tensor> inputs)
{
    /// <summary>
    /// A tensor in the caller's dispose scope; null for a name that is not known, or without its inputs.
    /// </summary>
    internal Tensor? Of(string name)
    {
        using var scope = NewDisposeScope();
        return Compute(name)?.MoveToOuterDisposeScope();
    }

    private Tensor? Compute(string name) =>
        name switch
        {
            "text/last_hidden_state" => Encoding(0)?.LastHiddenState,
            "text/last_hidden_state_2" => Encoding(1)?.LastHiddenState,
            "text/pooler_output" => Encoding(0)?.Pooled,
            "text/prompt_embeds" => PromptEmbeddings(),
            "text/pooled_prompt_embeds" => networks.TextEncoders.Count > 1 ? Encoding(1)?.Pooled : null,
            "vae/moments" => Moments(),
            "vae/mean" => Moments()?.chunk(2, 1)[0],
            "vae/logvar" => LogVariance(),
            "vae/std" => StandardDeviation(),
            "vae/sampled" => Sampled(),
            "unet/time_embedding" => Input("unet/timesteps") is { } timesteps
                ? networks.Unet.TimeEmbedding(timesteps)
                : null,
            "unet/add_embeds" => Added() is { } added ? networks.Unet.AddedInput(added) : null,
            "unet/aug_emb" => Added() is { } added ? networks.Unet.AddedEmbedding(added) : null,
            _ => null,
        };

    private Tensor? Input(string name) => inputs.GetValueOrDefault(name);

    private TextEncoding? Encoding(int encoder)
    {
        var tokens = Input($"text/{ConditionNames.TokenIds(encoder)}");
        return tokens is null || encoder >= networks.TextEncoders.Count
            ? null
            : networks.TextEncoders[encoder].call(tokens);
    }

    private Tensor? PromptEmbeddings()
    {
        if (networks.TextEncoders.Count == 1)
            return Encoding(0)?.LastHiddenState;
        return Encoding(0) is { } first && Encoding(1) is { } second
            ? cat([first.Penultimate, second.Penultimate], -1)
            : null;
    }

    private Tensor? Moments() => Input("vae/image") is { } image ? networks.Vae.Moments(image) : null;

    // The published code keeps it from overflowing.
    private Tensor? LogVariance() => Moments()?.chunk(2, 1)[1].clamp(-30, 20);

    private Tensor? StandardDeviation() => LogVariance() is { } logVariance ? (logVariance / 2).exp() : null;

    private Tensor? Sampled() =>
        Input("vae/noise") is { } noise && Moments() is { } moments
            ? moments.chunk(2, 1)[0] + StandardDeviation()! * noise
            : null;

    private AddedConditions? Added() =>
        networks.Unet.TakesAddedConditions
        && Input($"unet/{ConditionNames.PooledText}") is { } text
        && Input($"unet/{ConditionNames.TimeIds}") is { } timeIds
            ? new(text, timeIds)
            : null;
}
