using System.Globalization;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Audits;

/// <summary>The sentences that say what a report does not show.</summary>
internal static class ReportLimits
{
    public static IReadOnlyList<string> Of(AuditContext context, HashedPicture query, IReadOnlyList<Candidate> candidates, BackgroundSample background)
    {
        var (request, set, shape) = (context.Request, context.Set, context.Shape);
        var limits = new List<string>
        {
            request.Methods[0].Needs.RetrainedModels > 0
                ? "A score compares the losses of this picture under models that were trained again with and without a training picture; it is evidence of influence, not a finding of copying in law."
                : "A score estimates, by a linear approximation, how far the model's output at this picture would move had it never seen a training picture; it is evidence of influence, not a finding of copying in law.",
            "That the model was trained on this dataset is taken as given; nothing here checks it.",
            request.Methods[0].Needs.RetrainedModels > 0 ? "The noise draws were averaged before models were compared, so there are no standard errors and no intervals."
            : request.Gradients.Replicates == 1
                ? "A single noise draw was used, so there are no standard errors and no intervals."
                : "Standard errors and intervals cover the noise draws of this audit only, not the randomness of training.",
        };
        if (candidates.Count < set.Items.Count)
            limits.Add(Text($"{candidates.Count} of {set.Items.Count} training pictures were scored; a picture that was not a candidate cannot appear, and shares are parts of the candidates' total."));
        if (background.Items.Count > 0)
            limits.Add(background.Items.Count == set.Items.Count - candidates.Count
                ? "The kernel holds every training picture; those that were not candidates were not scored."
                : Text($"The kernel also holds {background.Items.Count} of the {set.Items.Count - candidates.Count} training pictures that were not candidates, drawn at random; each stands for {background.Weight:0.##} of them, and none was scored."));
        if (set.Skipped.Count > 0) limits.Add(Skipped(set.Skipped.Count, "the dataset", set.Skipped[0].Path));
        if (context.Decoys is { } decoys)
        {
            limits.Add(Text($"Decoys were chosen from the {Count(decoys.Count, "picture")} of {DecoySource.Describe(decoys.Source)}; that the model never saw {(decoys.Count == 1 ? "it" : "them")} is taken as given."));
            if (decoys.Skipped > 0) limits.Add(Skipped(decoys.Skipped, "the decoys", context.Pool.Skipped[set.Skipped.Count].Path));
        }

        var unstated = request.GroupBy.Of([.. candidates.Select(c => c.Item)]).Count(group => group == GroupKey.NotStated);
        if (unstated > 0)
            limits.Add(Text($"{unstated} of {candidates.Count} candidates state no {request.GroupBy.Name}; they are counted as '{GroupKey.NotStated}'."));
        if (query.Picture.Composited) limits.Add("The audited picture has transparency; it was composited on white.");
        var composited = set.Items.Count(item => item.Composited);
        if (composited > 0) limits.Add(Text($"{composited} of {set.Items.Count} training pictures have transparency; they were composited on white."));
        if (query.Picture.Width != shape.Width || query.Picture.Height != shape.Height)
            limits.Add(Text($"The audited picture is {query.Picture.Width}×{query.Picture.Height} and was resized and cropped to the model's {shape.Width}×{shape.Height}."));
        return [.. limits, .. context.Notes];
    }

    private static string Skipped(int count, string where, string first) => count == 1
        ? $"1 file of {where} could not be read and was left out: '{first}'."
        : Text($"{count} files of {where} could not be read and were left out, first '{first}'.");

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : Text($"{count} {what}s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
