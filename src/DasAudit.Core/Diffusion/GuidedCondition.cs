using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>What a picture is led to and away from (guidance of Ho and Salimans, 2022, equation 6).</summary>
/// <param name="Negative">What it is led away from; null without guidance.</param>
/// <param name="Scale">The scale of guidance, 1 without it.</param>
internal sealed record GuidedCondition(Condition Condition, Condition? Negative, double Scale)
{
    /// <summary>What the options and the model make of a condition.</summary>
    /// <exception cref="AuditException">They ask for guidance that the model does not know.</exception>
    public static GuidedCondition Of(IDiffusionModel model, Condition condition, GeneratorOptions options)
    {
        var unconditional = (model as IConditioned)?.Unconditional;
        if (unconditional is null && options.Guidance is not (null or 1))
            throw new AuditException(
                $"The model was not trained without its condition, as {Settings.Name("guidance")} needs it; leave that "
                    + "out."
            );
        if (options.NegativePrompt is not null && (unconditional is null || KindOf(model) != ConditionKind.Text))
            throw new AuditException(
                $"{Settings.Name("negative-prompt")} needs a model with text and guidance, which this is not; leave it "
                    + "out."
            );
        var scale = options.Guidance ?? (unconditional is null ? 1 : model.Sampling.Guidance);
        if (scale == 1 && options.NegativePrompt is not null)
            throw new AuditException(
                $"{Settings.Name("negative-prompt")} acts by guidance, which 1 turns off; give a greater "
                    + $"{Settings.Name("guidance")}, or leave it out."
            );
        var negative = options.NegativePrompt is { } text ? new Condition(null, text) : unconditional;
        return new(condition, scale == 1 ? null : negative! with { Framing = condition.Framing }, scale);
    }

    /// <summary>Refuses a condition of another kind than the model's; tells what the model makes of it.</summary>
    public static IEnumerable<string> Check(IDiffusionModel model, Condition condition)
    {
        var kind = KindOf(model);
        if (condition.Caption is not null && kind != ConditionKind.Text)
            throw new AuditException(
                $"{Settings.Name("prompt")} needs a model that is conditioned on text, which this one is not; leave it "
                    + "out."
            );
        if (condition.ClassLabel is not null && kind == ConditionKind.Text)
            throw new AuditException(
                $"The model is conditioned on text and knows no {Settings.Name("class")}; say what to generate with "
                    + $"{Settings.Name("prompt")}."
            );
        if (condition.ClassLabel is not null && kind is null)
            throw new AuditException($"The model knows no classes; leave out {Settings.Name("class")}.");
        if (model is IConditioned { Kind: ConditionKind.ClassLabel } conditioned && NeedsClass(conditioned, condition))
            throw new AuditException(
                $"The model makes pictures of a class; say which to generate with {Settings.Name("class")}."
            );
        return kind == ConditionKind.Text && condition.Caption is null
            ? [$"No {Settings.Name("prompt")} was given, so that the empty one is taken."]
            : [];
    }

    /// <summary>Sentences on what is lost of the prompts.</summary>
    public IEnumerable<string> Notes(IDiffusionModel model) =>
        model is IConditioned conditioned
            ? conditioned.Notes(Condition).Concat(Negative is null ? [] : conditioned.Notes(Negative))
            : [];

    /// <summary>Encodes it for <see cref="Predict"/>; null where there are none; the caller disposes it.</summary>
    /// <param name="samples">N, how many samples are led alike.</param>
    public ConditionTensors? Encode(IDiffusionModel model, int samples)
    {
        var encoded = (model as IConditioned)?.EncodeConditions(Negative is null ? [Condition] : [Negative, Condition]);
        if (encoded is null || samples == 1)
            return encoded;
        using (encoded)
            return encoded.Select(tensor => tensor.repeat_interleave(samples, 0));
    }

    /// <summary>The guided prediction for samples [N, C, H, W], in one pass; the caller disposes it.</summary>
    /// <param name="time">[N].</param>
    public Tensor Predict(IDiffusionModel model, Tensor noisy, Tensor time, ConditionTensors? encoded)
    {
        if (Negative is null)
            return model.Predict(noisy, time, encoded);
        using var scope = NewDisposeScope();
        var samples = noisy.shape[0];
        var rows = model.Predict(cat([noisy, noisy]), cat([time, time]), encoded);
        var (away, towards) = (rows.narrow(0, 0, samples), rows.narrow(0, samples, samples));
        return (away + Scale * (towards - away)).MoveToOuterDisposeScope();
    }

    private static bool NeedsClass(IConditioned model, Condition condition) =>
        condition.ClassLabel is null && model.RefusalOf(condition) is not null;

    private static ConditionKind? KindOf(IDiffusionModel model) => (model as IConditioned)?.Kind;
}
