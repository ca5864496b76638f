using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Models;

/// <summary>Asks a model of classes about the classes of pictures, before anything is computed.</summary>
public static class PictureClasses
{
    /// <summary>Refuses pictures of a set whose class is not stated, or not one of the model's.</summary>
    /// <param name="model">Another than a model of classes refuses nothing.</param>
    /// <exception cref="AuditException">There is such a picture; the sentence names it.</exception>
    public static void Check(IDiffusionModel model, IEnumerable<TrainingItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        Check(model, items.Select(item => (item.Path, item.Label)), "state its label in the metadata");
    }

    /// <inheritdoc cref="Check(IDiffusionModel, IEnumerable{TrainingItem})"/>
    /// <param name="remedy">What to do where no class is stated.</param>
    internal static void Check(IDiffusionModel model, IEnumerable<(string Picture, int? Class)> pictures, string remedy)
    {
        if (model is not IConditioned { Kind: ConditionKind.ClassLabel } conditioned)
            return;
        foreach (var (picture, label) in pictures.DistinctBy(picture => picture.Class))
        {
            if (conditioned.RefusalOf(new(label, null)) is not { } refusal)
                continue;
            throw new AuditException(
                label is null
                    ? $"Nothing says of which class '{picture}' is, which the model needs to know; {remedy}."
                    : $"'{picture}' cannot be looked at under its class. {refusal.Message}"
            );
        }
    }
}
