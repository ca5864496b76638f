using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>The sentences that say what a report does not show.</summary>
/// <param name="shape">Of the model's pictures.</param>
internal sealed class ReportLimits(AuditRequest request, PicturePool pool, ImageShape shape)
{
    private TrainingSet Members => pool.Members;

    private PictureBackground Background => request.Inputs.DatasetOptions.Background;

    private IAttributionMethod Method => request.Options.ReportedMethod;

    /// <summary>The sentences of one query's report.</summary>
    /// <param name="estimates">How many independent estimates each score is the mean of.</param>
    public IReadOnlyList<string> Of(AuditQuery query, int estimates, IEnumerable<string> notes) =>
        [
            ScoreMeaning(),
            "That the model was trained on this dataset is taken as given; nothing here checks it.",
            Errors(estimates),
            .. UnscoredPictures(query.Background, query.MemberCount),
            .. Decoys(),
            .. UnstatedGroups(query.Candidates),
            .. PictureChanges(query.Picture.Picture.Picture),
            .. notes,
        ];

    private string ScoreMeaning() =>
        (Method.Description.Scores.Kind, Method.Needs) switch
        {
            (ScoreKind.Chance, _) => "The scores were drawn at random and say nothing about any picture.",
            (ScoreKind.Resemblance, { LooksAtModel: false }) =>
                "This method does not look at the model at all: its scores say how much pictures resemble each other, "
                    + "whatever the model learnt from them. They are no evidence of influence, let alone of copying.",
            (ScoreKind.Resemblance, _) =>
                "This method looks at pictures through the model and not at what the model learnt from each: its "
                    + "scores say how much pictures resemble each other to the model. Resemblance alone is no "
                    + "evidence of influence, let alone of copying.",
            (_, { RetrainedModels: > 0 }) =>
                "A score compares the losses of this picture under models that were trained again with and without a "
                    + "training picture; it is evidence of influence, not a finding of copying in law.",
            _ => "A score is an estimate made from the model; no model was trained without the training picture to "
                + "check it. It is evidence of influence, not a finding of copying in law.",
        };

    // What standard errors and intervals cover.
    private string Errors(int estimates) =>
        (Method.Description.Scores.Noise, estimates > 1) switch
        {
            (ScoreNoise.None, _) =>
                "The scores depend on no noise that could be drawn again, so there are no standard errors and no "
                    + "intervals.",
            (ScoreNoise.Averaged, _) =>
                "The noise draws were averaged before models were compared, so there are no standard errors and no "
                    + "intervals.",
            (ScoreNoise.Random, true) => "Standard errors cover the draws of random numbers only.",
            (ScoreNoise.Random, _) => "Random numbers were drawn once, so there are no standard errors.",
            (_, true) =>
                "Standard errors and intervals cover the noise draws of this audit only, not the randomness of "
                    + "training.",
            _ when request.Options.Gradients.Replicates > 1 => string.Create(
                CultureInfo.InvariantCulture,
                $"This method makes one score of {request.Options.Gradients.Replicates} noise draws, so there are no "
                    + $"standard errors and no intervals; more noise draws give them."
            ),
            _ => "A single noise draw was used, so there are no standard errors and no intervals.",
        };

    private IEnumerable<string> UnscoredPictures(BackgroundSample background, int candidates)
    {
        var total = Members.Items.Count;
        var unscored = total - candidates;
        if (unscored > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{candidates} of {total} training pictures {Was(candidates)} scored; a picture that was not a "
                    + $"candidate cannot appear, and shares are parts of the candidates' total."
            );
        var held = AuditPlan.HoldsBackground(Method) ? background.Items.Count : 0;
        if (held > 0 && held == unscored)
            yield return "The kernel holds every training picture; those that were not candidates were not scored.";
        else if (held > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The kernel also holds {held} of the {unscored} training pictures that were not candidates, drawn "
                    + $"at random; each stands for {background.Weight:0.##} of them, and none was scored."
            );
        if (Members.Skipped.Count > 0)
            yield return Skipped("the dataset", Members);
    }

    private IEnumerable<string> Decoys()
    {
        if (pool.Decoys is not { } decoys)
            yield break;
        var source = DecoySource.Describe(request.Inputs.Decoys!);
        var count = decoys.Items.Count;
        yield return Method.Description.Scores.IncludeDecoys
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Decoys were chosen from the {Count(count, "picture")} of {source}; "
                    + $"that the model never saw {(count == 1 ? "it" : "them")} is taken as given."
            )
            : $"Scores were not compared with those of the pictures of {source}: no retrained model was trained on "
                + "any of them, so this method cannot score them.";
        if (decoys.Skipped.Count > 0)
            yield return Skipped("the decoys", decoys);
    }

    private IEnumerable<string> UnstatedGroups(IReadOnlyList<Candidate> candidates)
    {
        var groups = request.Options.GroupBy.Of([.. candidates.Select(candidate => candidate.Item)]);
        var unstated = groups.Count(group => group == GroupKey.NotStated);
        if (unstated == 0)
            yield break;
        var key = request
            .Options.GroupBy.Name.Replace('-', ' ')
            .Replace("license", "licence", StringComparison.Ordinal);
        var (state, they) = unstated == 1 ? ("states", "it is") : ("state", "they are");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{unstated} of {candidates.Count} candidates {state} no {key}; {they} counted as '{GroupKey.NotStated}'."
        );
    }

    private IEnumerable<string> PictureChanges(Picture audited)
    {
        if (audited.Composited)
            yield return $"The audited picture has transparency; it {Background.Deed()}.";
        var composited = Members.Items.Count(item => item.Composited);
        if (composited > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{composited} of {Members.Items.Count} training pictures {(composited == 1 ? "has" : "have")} "
                    + $"transparency and {Background.Deed(composited != 1)}."
            );
        if (audited.Width != shape.Width || audited.Height != shape.Height)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The audited picture is {audited.Width}×{audited.Height} and was {Resized()} the model's "
                    + $"{shape.Width}×{shape.Height}."
            );
    }

    private string Resized() =>
        request.Inputs.DatasetOptions.Resize switch
        {
            ResizeMode.Squash => "resized, without its proportions, to",
            ResizeMode.Pad => "resized to fit, with black around it, into",
            ResizeMode.Bucket => "resized and cropped to the bucket of its proportions, of no larger area than",
            _ => "resized and cropped to",
        };

    private static string Skipped(string where, TrainingSet set)
    {
        var first = set.Skipped[0].Path;
        return set.Skipped.Count == 1
            ? $"1 file of {where} could not be read and was left out: '{first}'."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{set.Skipped.Count} files of {where} could not be read and were left out, first '{first}'."
            );
    }

    private static string Was(int count) => count == 1 ? "was" : "were";

    private static string Count(int count, string noun) =>
        count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s");
}
