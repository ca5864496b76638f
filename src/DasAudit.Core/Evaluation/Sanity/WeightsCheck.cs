using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Models;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Whether the ranking changes where the model's weights are drawn anew, by more than it does under other noise (after
/// Adebayo et al., NeurIPS 2018). A single noise draw under the trained weights is compared with one of another noise,
/// once under untrained weights and once under the trained ones, so that noise has the same part in both.
/// </summary>
internal sealed class WeightsCheck(EvaluationCourt court, RealScores scores, QueryBootstrap bootstrap) : ISanityCheck
{
    private const string Id = "weights";

    public SanityCheck Description { get; } =
        new(
            Id,
            "Does the ranking change where the model's weights are drawn anew?",
            "Mean rank correlation of a noise draw's ranking with another's under untrained weights; passes where it "
                + "is clearly below the threshold, what it is with another's under the trained weights (0.9 for a "
                + "method without noise draws)."
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods)
    {
        var asked = methods.Where(method => Exemption(method) is null).ToList();
        if (asked.Count == 0)
            return [.. methods.Select(method => SanityFinding.NotApplicable(Id, Exemption(method)!))];
        AuditedModel model;
        try
        {
            var trained = court.Material.Model;
            var source = UntrainedAdapter.Source(trained.Source, court.MethodOptions.Seed);
            model = AuditedModel.Load(source, trained.Device);
        }
        catch (AuditException refusal)
        {
            return
            [
                .. methods.Select(method =>
                    SanityFinding.NotApplicable(Id, Exemption(method) ?? $"No untrained model: {refusal.Message}")
                ),
            ];
        }
        using (model)
        {
            using var untrained = PoolScoring.Open(court, asked, model, court.Material.Pool, court.Queries);
            return
            [
                .. methods.Select(method =>
                    Exemption(method) is { } reason ? SanityFinding.NotApplicable(Id, reason) : Check(method, untrained)
                ),
            ];
        }
    }

    private string? Exemption(IAttributionMethod method)
    {
        if (!method.Needs.LooksAtModel)
            return "It looks at no model.";
        if (method.Needs.Replay)
            return "It follows the training run, of which an untrained model has none.";
        return court.Material.Model.Source.Loras.Count > 0
            ? "Of a model with a LoRA it is not known what the LoRA's weights were before training."
            : null;
    }

    private SanityFinding Check(IAttributionMethod method, PoolScoring untrained)
    {
        var trained = scores.Of(method);
        var across = untrained
            .Queries.Select(query => untrained.Score(method, query, court.MethodOptions))
            .Zip(trained, (other, own) => Across(own.ByReplicate, QueryDraws.Of(other, own.Mean.Length).ByReplicate))
            .ToList();
        var within = trained
            .Select(query => query.OverPairs((a, b) => Ranking.Spearman(a, b)) ?? QueryAgreement.Alike)
            .ToList();
        var figure = bootstrap.Mean(across);
        var threshold = within.Average();
        var difference = bootstrap.Mean([.. across.Zip(within, (other, own) => other - own)]);
        var finding = SanityFinding.Of(
            Id,
            difference.High < 0,
            figure,
            threshold,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Its ranking is as much like that of an untrained model ({figure.Value:0.00}) as like its own under "
                    + $"other noise ({threshold:0.00}): nothing shows that it tells of what was learnt."
            )
        );
        return finding.Status == SanityStatus.Passed && figure.Value > threshold / 2
            ? finding with
            {
                Sentence = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Most of what stays in its ranking under other noise ({threshold:0.00}) is there without any "
                        + $"training ({figure.Value:0.00})."
                ),
            }
            : finding;
    }

    // Draws of the same number met the same noise, which is no part of the question.
    private static double Across(IReadOnlyList<double[]> trained, IReadOnlyList<double[]> untrained)
    {
        var pairs =
            from a in Enumerable.Range(0, trained.Count)
            from b in Enumerable.Range(0, untrained.Count)
            where a != b || trained.Count == 1
            select Ranking.Spearman(trained[a], untrained[b]);
        return pairs.Average();
    }
}
