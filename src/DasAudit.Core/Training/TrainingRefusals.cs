using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;

namespace DasAudit.Core.Training;

/// <summary>What a model does not allow to be trained, said before anything is computed.</summary>
internal static class TrainingRefusals
{
    public static void Check(IDiffusionModel model, TrainingOptions options)
    {
        if (options.Lora is not null && !TrainedParameters.AreSome(model))
            throw new AuditException(
                $"This model's adapter adds no LoRA to it; leave {Settings.Name("lora-rank")} out, or use a model of "
                    + "another family, such as Stable Diffusion."
            );
        if (model is not ITrainable)
            throw new AuditException(
                model is IConditioned { Kind: ConditionKind.Text } && options.Lora is null
                    ? $"This model's adapter trains no whole model of this family; train a LoRA with "
                        + $"{Settings.Name("lora-rank")}."
                    : "This model's adapter cannot train; use a model of another family, such as a diffusers "
                        + "UNet2DModel."
            );
        if (options.CaptionDropout > 0 && model is not IConditioned { Unconditional: not null })
            throw new AuditException(
                $"{Settings.Name("caption-dropout")} needs a model that knows what no condition is, which this does "
                    + "not; leave it out."
            );
        if (options.LossWeight == LossWeight.MinSnr)
            DiscreteProcess.Of(model);
    }
}
