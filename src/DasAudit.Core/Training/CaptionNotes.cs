using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;

namespace DasAudit.Core.Training;

/// <summary>What a model makes of the captions of a training set, for the person who trains.</summary>
internal static class CaptionNotes
{
    private const int Shown = 3;

    /// <summary>Sentences on what is lost of captions: of the first few, and how many more there are.</summary>
    public static IReadOnlyList<string> Of(IDiffusionModel model, TrainingSet set)
    {
        if (model is not IConditioned { Kind: ConditionKind.Text } conditioned)
            return [];
        var notes = set
            .Items.Select(item => PictureConditions.Of(model, item, set.Resize))
            .Distinct()
            .SelectMany(condition => conditioned.Notes(condition))
            .Distinct()
            .ToList();
        if (notes.Count <= Shown)
            return notes;
        var more = (notes.Count - Shown).ToString(CultureInfo.InvariantCulture);
        return [.. notes.Take(Shown), $"So it is with {more} further captions."];
    }
}
