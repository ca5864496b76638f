using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>The sentences of a report that say what a region is and what it does not reach.</summary>
/// <param name="nullQueries">How many other pictures of the model scores are tested against.</param>
internal sealed class RegionLimits(AuditPlan plan, int nullQueries)
{
    private IAttributionMethod Method => plan.Options.ReportedMethod;

    /// <summary>None where all of the picture was asked about.</summary>
    public IEnumerable<string> Sentences => plan.Region is { } region ? Of(region) : [];

    private IEnumerable<string> Of(AuditedRegion region)
    {
        yield return $"Only a part of the audited picture was asked about: {Words(region.Pixels)}. {Meaning()}";
        if (region.Pixels.GreyPixels > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The mask holds {region.Pixels.GreyPixels} pixels that are neither black nor white; those whose "
                    + $"brightest channel is at least 128 of 255 are in the region."
            );
        if (Method.Needs.LooksAtModel && plan.SampleShape is var sample && sample != plan.Shape)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The model works on latents of {sample.Width}×{sample.Height} places; each counts by the share of its "
                    + $"rectangle of the picture that the region covers, though the encoder lets it know of what is "
                    + $"around."
            );
        if (plan.Request.Inputs.Encoder is not null)
            yield return "The image encoder looked at whole pictures and not at the region.";
        if (nullQueries > 0)
            yield return "Of the other pictures of the model the same part was looked at, as the model sees it.";
    }

    private string Meaning() =>
        Method.Description.Scores.Kind switch
        {
            ScoreKind.Chance => "Random scores take no notice of it.",
            _ when Method.Needs.Pixels || Method.Needs.Activations =>
                "The same part of each training picture was compared with it.",
            _ => "Scores are of the model's prediction there and of whole training pictures, and cannot be compared "
                + "with scores for other parts or for the whole.",
        };

    private static string Words(PictureRegion region)
    {
        var (window, share) = (region.Window, region.Share);
        var rectangle = string.Create(
            CultureInfo.InvariantCulture,
            $"{window.Width}×{window.Height} pixels at {window.Left},{window.Top}"
        );
        var part = string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} % of it");
        return region.Mask is null ? $"{rectangle} ({part})" : $"what the mask marks within {rectangle} ({part})";
    }
}
