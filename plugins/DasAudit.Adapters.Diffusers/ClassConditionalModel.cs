using DasAudit.Adapters.Diffusers.Unet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>A pixel-space UNet2DModel with num_class_embeds: conditions are int64 [N] class labels.</summary>
internal sealed class ClassConditionalModel(UNet2DModel network, ModelParts parts)
    : DiffusersModel(network, parts),
        IConditioned
{
    private const string Labels = "class_labels";

    public ConditionKind Kind => ConditionKind.ClassLabel;

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions) =>
        new((Labels, tensor(conditions.Select(Label).ToArray(), device: Unet.parameters().First().device)));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        condition is not null
            ? Unet.call(noisy, timesteps, condition[Labels])
            : throw new AuditException(
                "The model is conditioned on a class, but no class labels were given; add labels to the dataset."
            );

    private long Label(Condition condition)
    {
        var classes = Config.NumClassEmbeds!.Value;
        if (condition.ClassLabel is not { } label)
            throw new AuditException(
                $"The model is conditioned on one of {classes} classes, but a picture has no class label; "
                    + "add labels to the dataset."
            );
        if (label < 0 || label >= classes)
            throw new AuditException(
                $"The class label {label} is outside the model's 0 to {classes - 1}; correct the picture's class."
            );
        return label;
    }
}
