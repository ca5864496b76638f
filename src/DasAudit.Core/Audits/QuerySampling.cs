using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>How a generated picture was sampled, for methods that follow it.</summary>
internal static class QuerySampling
{
    /// <summary>What the picture states, and for the rest what is usual.</summary>
    /// <param name="facts">What it states; null for nothing.</param>
    /// <param name="name">What sentences call it.</param>
    /// <exception cref="AuditException">It states a sampler that there is none of here.</exception>
    public static GeneratorOptions Of(
        GenerationFacts? facts,
        GeneratorOptions usual,
        IDiffusionModel model,
        string name
    )
    {
        if (facts is null)
            return usual;
        var sampling = usual with
        {
            Steps = facts.Steps ?? usual.Steps,
            Sampler = facts.Sampler is { } sampler ? SamplerOf(sampler, model, name) : usual.Sampler,
        };
        if (model is not IConditioned { Unconditional: not null })
            return sampling;
        sampling = sampling with { Guidance = facts.Guidance ?? usual.Guidance };
        var leadsAway = facts.NegativePrompt is { Length: > 0 } && model.TakesCaptions() && sampling.Guidance != 1;
        return leadsAway
            ? sampling with
            {
                NegativePrompt = PromptText.Plain(facts.NegativePrompt!, facts.Marks, out _),
            }
            : sampling;
    }

    /// <summary>Refuses pictures of different lengths where a method holds them against each other.</summary>
    /// <param name="samplings">Of each picture by its name.</param>
    public static void CheckSteps(IEnumerable<(string Name, GeneratorOptions Sampling)> samplings, string method)
    {
        var all = samplings.ToList();
        var (first, sampling) = all[0];
        if (all.Find(picture => picture.Sampling.Steps != sampling.Steps) is ({ } second, { } longer))
            throw new AuditException(
                $"{method} averages over the steps of sampling, of which '{first}' has {sampling.Steps} and the null "
                    + $"query '{second}' {longer.Steps}; give null queries of as many steps."
            );
    }

    private static SamplerKind SamplerOf(string stated, IDiffusionModel model, string name)
    {
        foreach (var kind in Enum.GetValues<SamplerKind>())
            if (PictureParameters.SamplerName(model, kind) == stated)
                return kind;
        var names = Enum.GetValues<SamplerKind>().Select(kind => PictureParameters.SamplerName(model, kind));
        throw new AuditException(
            $"'{name}' states the sampler '{stated}', which cannot be followed; of this model, the samplers "
                + $"{string.Join(", ", names)} can."
        );
    }
}
