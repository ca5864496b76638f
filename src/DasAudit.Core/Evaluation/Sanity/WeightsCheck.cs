using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Whether the ranking changes where the model's weights are drawn anew, by more than noise explains (after Adebayo et
/// al., NeurIPS 2018). A noise draw under the trained weights is compared with one of another noise under untrained
/// weights. If both models ranked alike but for the noise, they would agree √(r·r′), where r is how far draws agree
/// under the trained weights and r′ under the untrained ones.
/// </summary>
internal sealed class WeightsCheck(EvaluationCourt court, RealScores scores, QueryBootstrap bootstrap) : ISanityCheck
{
    private const string Id = "weights";

    // Of the variance of ranks.
    private const double Most = 0.5;

    public SanityCheck Description { get; } =
        new(
            Id,
            "Does the ranking change where the model's weights are drawn anew?",
            "Mean rank correlation of a noise draw's ranking with another's under untrained weights; passes where it "
                + "is clearly below the threshold, what it would be if noise alone were different: the geometric mean "
                + "of what draws agree under the trained and under the untrained weights (0.9 for a method without "
                + "noise)."
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
        if (HasNoise(method) && scores.Of(method)[0].ByReplicate.Count < 2)
            return $"It takes two noise draws to tell weights from noise; give more {Settings.Name("replicates")}.";
        return court.Material.Model.Source.Loras.Count > 0
            ? "Of a model with a LoRA it is not known what the LoRA's weights were before training."
            : null;
    }

    private SanityFinding Check(IAttributionMethod method, PoolScoring untrained)
    {
        var trained = scores.Of(method);
        var other = untrained
            .Queries.Select(query => untrained.Score(method, query, court.MethodOptions))
            .Zip(trained, (drawnAnew, own) => QueryDraws.Of(drawnAnew, own.Mean.Length))
            .ToList();
        var across = trained.Zip(other, (own, anew) => Across(own.ByReplicate, anew.ByReplicate)).ToList();
        var alike = trained.Zip(other, Alike).ToList();
        var figure = bootstrap.Mean(across);
        var threshold = alike.Average();
        var finding = SanityFinding.Of(
            Id,
            bootstrap.Mean([.. across.Zip(alike, (agreement, most) => agreement - most)]).High < 0,
            figure,
            threshold,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Its ranking is as much like that of an untrained model ({figure.Value:0.00}) as it would be if noise "
                    + $"alone were different ({threshold:0.00}): nothing shows that it tells of what was learnt."
            )
        );
        return finding.Status == SanityStatus.Passed && figure.Value > threshold * Math.Sqrt(Most)
            ? finding with
            {
                Sentence = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Most of its ranking is there without any training: it agrees {figure.Value:0.00} with that of an "
                        + $"untrained model, and would agree {threshold:0.00} if noise alone were different."
                ),
            }
            : finding;
    }

    private static bool HasNoise(IAttributionMethod method) => method.Description.Scores.Noise == ScoreNoise.Drawn;

    // What rankings of different noise would agree if they were the same but for it.
    private static double Alike(QueryDraws trained, QueryDraws untrained) =>
        Within(trained) is { } own && Within(untrained) is { } anew
            ? Math.Sqrt(Math.Max(0, own) * Math.Max(0, anew))
            : QueryAgreement.Alike;

    private static double? Within(QueryDraws draws) => draws.OverPairs((a, b) => Ranking.Spearman(a, b));

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
