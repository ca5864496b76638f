using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Files;

namespace DasAudit.Core.Evaluation.Recall;

/// <summary>
/// Measures what is lost where an encoder chooses which training pictures are scored: how much of the top of the
/// ranking of all pictures is among the candidates, and in the top of the ranking that an audit makes of them. A linear
/// datamodeling score does not see it: it rewards dropping noise.
/// </summary>
public sealed class RecallEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private static readonly int[] Tops = [10, 100];

    /// <summary>Measures; nothing is trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public RecallResult Run(RecallRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Encoders.Count == 0)
            throw new AuditException(
                $"An audit without an image encoder scores all training pictures, and loses none; give "
                    + $"{Settings.Name("encoder")} DIR."
            );
        MethodNeeds.RefuseEmbeddings(request.Common.Audit.Options.Methods, "as the choice of candidates does");
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation, trains: false);
        List<CandidateChoice> choices =
        [
            .. request.Encoders.SelectMany((encoder, place) => Choices(request, court, encoder, place)),
        ];
        var started = time.GetTimestamp();
        using var scoring = PoolScoring.Open(
            court,
            court.Methods,
            model: null,
            court.Material.Pool,
            [.. court.Queries, .. choices.SelectMany(choice => choice.Queries)]
        );
        var gradientSeconds = Seconds(started);
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Pictures = court.Members.Items.Count,
            Queries = court.All.Count,
            Background = court.Material.Plan.Background,
            UsualLimit = new CandidateOptions().Limit!.Value,
            GradientSeconds = gradientSeconds,
            Encoders = Measure(request, court, choices, scoring),
        };
    }

    private static IEnumerable<CandidateChoice> Choices(
        RecallRequest request,
        EvaluationCourt court,
        IImageEncoder encoder,
        int place
    )
    {
        var folder = request.Common.Audit.Machine.EmbeddingFolder;
        var index = EmbeddingIndex.Build(
            court.Material.Pool,
            encoder,
            folder is null ? null : new EmbeddingCache(folder),
            court.Stages.Progress,
            court.Stages.Cancellation
        );
        return Limits(request, court.Members.Items.Count)
            .Select(limit => CandidateChoice.Of(court, index, place, limit))
            .ToList();
    }

    // An audit's own limit among them, where it leaves any picture out.
    private static IEnumerable<int> Limits(RecallRequest request, int pictures) =>
        request
            .Parts.Select(part => Math.Max(1, (int)Math.Round(part * pictures, MidpointRounding.AwayFromZero)))
            .Append(new CandidateOptions().Limit!.Value)
            .Where(limit => limit <= pictures)
            .Distinct()
            .OrderDescending();

    private List<EncoderRecall> Measure(
        RecallRequest request,
        EvaluationCourt court,
        List<CandidateChoice> choices,
        PoolScoring scoring
    )
    {
        var ofChoices = choices.ConvertAll(_ => new List<MethodRecall>());
        var byChoice = scoring.Queries.Chunk(court.All.Count).ToList();
        foreach (var (number, method) in court.Methods.Index())
        {
            progress?.Report(new("scoring", number, court.Methods.Count, method.Description.Id));
            var timed = choices.Index().Select(choice => Score(court, scoring, method, byChoice[choice.Index + 1]));
            var scored = timed.ToList();
            // After the others, whose kernels it would else have computed for them.
            var full = Score(court, scoring, method, byChoice[0]);
            var references = new[] { new ReferenceRanking(ReferenceRanking.Full, full.Scores) };
            foreach (var (place, ofMethod) in ofChoices.Index())
                ofMethod.Add(Recall(method, court, scored[place], byChoice[place + 1], references));
        }
        progress?.Report(new("scoring", court.Methods.Count, court.Methods.Count));
        return
        [
            .. request.Encoders.Select(
                (encoder, place) =>
                    new EncoderRecall(
                        encoder.Name,
                        encoder.Sha256,
                        [
                            .. choices
                                .Zip(ofChoices)
                                .Where(pair => pair.First.Encoder == place)
                                .Select(pair => Limit(pair.First, pair.Second, court.Members.Items.Count)),
                        ]
                    )
            ),
        ];
    }

    private static LimitRecall Limit(CandidateChoice choice, IReadOnlyList<MethodRecall> methods, int pictures) =>
        new(
            choice.Limit,
            (double)choice.Limit / pictures,
            choice.MeanCandidates,
            (double)choice.Needed / pictures,
            methods
        );

    private static MethodRecall Recall(
        IAttributionMethod method,
        EvaluationCourt court,
        (List<double[]> Scores, double Seconds) scored,
        IReadOnlyList<AuditQuery> queries,
        IReadOnlyList<ReferenceRanking> references
    )
    {
        var candidates = queries.Select(query => query.Scored.Select(item => item.Index).ToArray()).ToList();
        var tops = Tops.Select(top => Math.Min(top, court.Members.Items.Count)).Distinct();
        return new(
            method.Description.Id,
            scored.Seconds,
            [.. references.SelectMany(reference => tops.Select(top => Top(reference, top)))]
        );

        TopRecall Top(ReferenceRanking reference, int top)
        {
            var left = court.All.Select(q => reference.Left(q, top, candidates[q], scored.Scores[q])).ToList();
            return new(
                reference.Name,
                top,
                court.Bootstrap.Mean(left.ConvertAll(ofQuery => ofQuery.AmongCandidates)),
                court.Bootstrap.Mean(left.ConvertAll(ofQuery => ofQuery.InRanking))
            );
        }
    }

    // Of all queries, [query][picture], with the seconds that it took.
    private (List<double[]> Scores, double Seconds) Score(
        EvaluationCourt court,
        PoolScoring scoring,
        IAttributionMethod method,
        IReadOnlyList<AuditQuery> queries
    )
    {
        var started = time.GetTimestamp();
        List<double[]> scores =
        [
            .. queries.Select(query => scoring.Score(method, query, court.MethodOptions).Queries[0].Mean),
        ];
        return (scores, Seconds(started));
    }

    private double Seconds(long started) => Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
}
