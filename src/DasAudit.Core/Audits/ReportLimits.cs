using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>The sentences that say what a report does not show.</summary>
internal static class ReportLimits
{
    /// <summary>The sentences of a report.</summary>
    /// <param name="context">The audit.</param>
    /// <param name="query">The audited picture.</param>
    /// <param name="candidates">The training pictures that were scored.</param>
    /// <param name="background">Others in the kernel.</param>
    /// <param name="estimates">How many independent estimates each score is the mean of.</param>
    public static IReadOnlyList<string> Of(
        AuditContext context,
        HashedPicture query,
        IReadOnlyList<Candidate> candidates,
        BackgroundSample background,
        int estimates
    )
    {
        var (request, set, shape) = (context.Request, context.Set, context.Shape);
        var limits = new List<string>
        {
            Evidence(request.Methods[0]),
            "That the model was trained on this dataset is taken as given; nothing here checks it.",
            Errors(request.Methods[0].Description.Scores.Noise, estimates, request.Gradients.Replicates),
        };
        if (candidates.Count < set.Items.Count)
            limits.Add(
                Text(
                    $"{candidates.Count} of {set.Items.Count} training pictures {Was(candidates.Count)} scored; a picture that was not a candidate cannot appear, and shares are parts of the candidates' total."
                )
            );
        if (background.Items.Count > 0)
            limits.Add(
                background.Items.Count == set.Items.Count - candidates.Count
                    ? "The kernel holds every training picture; those that were not candidates were not scored."
                    : Text(
                        $"The kernel also holds {background.Items.Count} of the {set.Items.Count - candidates.Count} training pictures that were not candidates, drawn at random; each stands for {background.Weight:0.##} of them, and none was scored."
                    )
            );
        if (set.Skipped.Count > 0)
            limits.Add(Skipped(set.Skipped.Count, "the dataset", set.Skipped[0].Path));
        if (context.Decoys is { } decoys)
        {
            limits.Add(
                !request.Methods[0].Description.Scores.IncludeDecoys
                    ? Text(
                        $"Scores were not compared with those of the pictures of {DecoySource.Describe(decoys.Source)}: no retrained model was trained on any of them, so this method cannot score them."
                    )
                    : Text(
                        $"Decoys were chosen from the {Count(decoys.Count, "picture")} of {DecoySource.Describe(decoys.Source)}; that the model never saw {(decoys.Count == 1 ? "it" : "them")} is taken as given."
                    )
            );
            if (decoys.Skipped > 0)
                limits.Add(Skipped(decoys.Skipped, "the decoys", context.Pool.Decoys!.Skipped[0].Path));
        }

        var unstated = request
            .GroupBy.Of([.. candidates.Select(c => c.Item)])
            .Count(group => group == GroupKey.NotStated);
        if (unstated > 0)
            limits.Add(
                Text(
                    $"{unstated} of {candidates.Count} candidates {(unstated == 1 ? "states" : "state")} no {request.GroupBy.Name.Replace('-', ' ').Replace("license", "licence", StringComparison.Ordinal)}; {(unstated == 1 ? "it is" : "they are")} counted as '{GroupKey.NotStated}'."
                )
            );
        if (query.Picture.Composited)
            limits.Add("The audited picture has transparency; it was composited on white.");
        var composited = set.Items.Count(item => item.Composited);
        if (composited > 0)
            limits.Add(
                Text(
                    $"{composited} of {set.Items.Count} training pictures {(composited == 1 ? "has" : "have")} transparency and {Was(composited)} composited on white."
                )
            );
        if (query.Picture.Width != shape.Width || query.Picture.Height != shape.Height)
            limits.Add(
                Text(
                    $"The audited picture is {query.Picture.Width}×{query.Picture.Height} and was resized and cropped to the model's {shape.Width}×{shape.Height}."
                )
            );
        return [.. limits, .. context.Notes];
    }

    // What scores are evidence of.
    private static string Evidence(IAttributionMethod method) =>
        (method.Description.Scores.Kind, method.Needs) switch
        {
            (ScoreKind.Chance, _) => "The scores were drawn at random and say nothing about any picture.",
            (ScoreKind.Resemblance, { LooksAtModel: false }) =>
                "This method does not look at the model at all: its scores say how much pictures resemble each other, whatever the model learnt from them. They are no evidence of influence, let alone of copying.",
            (ScoreKind.Resemblance, _) =>
                "This method looks at pictures through the model and not at what the model learnt from each: its scores say how much pictures resemble each other to the model. Resemblance alone is no evidence of influence, let alone of copying.",
            (_, { RetrainedModels: > 0 }) =>
                "A score compares the losses of this picture under models that were trained again with and without a training picture; it is evidence of influence, not a finding of copying in law.",
            _ =>
                "A score is an estimate made from the model; no model was trained without the training picture to check it. It is evidence of influence, not a finding of copying in law.",
        };

    // What standard errors and intervals cover.
    private static string Errors(ScoreNoise noise, int estimates, int draws) =>
        (noise, estimates > 1) switch
        {
            (ScoreNoise.None, _) =>
                "The scores depend on no noise that could be drawn again, so there are no standard errors and no intervals.",
            (ScoreNoise.Averaged, _) =>
                "The noise draws were averaged before models were compared, so there are no standard errors and no intervals.",
            (ScoreNoise.Random, true) => "Standard errors cover the draws of random numbers only.",
            (ScoreNoise.Random, _) => "Random numbers were drawn once, so there are no standard errors.",
            (_, true) =>
                "Standard errors and intervals cover the noise draws of this audit only, not the randomness of training.",
            _ when draws > 1 => Text(
                $"This method makes one score of {draws} noise draws, so there are no standard errors and no intervals; more --replicates give them."
            ),
            _ => "A single noise draw was used, so there are no standard errors and no intervals.",
        };

    private static string Was(int count) => count == 1 ? "was" : "were";

    private static string Skipped(int count, string where, string first) =>
        count == 1
            ? $"1 file of {where} could not be read and was left out: '{first}'."
            : Text($"{count} files of {where} could not be read and were left out, first '{first}'.");

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : Text($"{count} {what}s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
