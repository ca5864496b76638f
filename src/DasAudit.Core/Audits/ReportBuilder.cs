using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Gradients;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Audits;

/// <summary>What several reports of one run have in common.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Model">The model.</param>
/// <param name="Shape">Of its pictures.</param>
/// <param name="Timesteps">At which the first method's gradients are taken.</param>
/// <param name="Set">The training set.</param>
/// <param name="Pool">The training set with the decoys behind it.</param>
/// <param name="DatasetRoot">Merkle root of the training set.</param>
/// <param name="Notes">Sentences about this run that the reader must know.</param>
internal sealed record AuditContext(
    AuditRequest Request,
    ModelInfo Model,
    ImageShape Shape,
    int[] Timesteps,
    TrainingSet Set,
    PicturePool Pool,
    string DatasetRoot,
    IReadOnlyList<string> Notes
)
{
    /// <summary>How what the first method looks at is projected, as <c>KIND:DIM</c>.</summary>
    public required string Projection { get; init; }

    /// <summary>Where decoys come from; null for none.</summary>
    public DecoyInfo? Decoys { get; init; }

    /// <summary>Retrained models that methods look at; null for none.</summary>
    public RetrainedInfo? Retrained { get; init; }
}

/// <summary>Turns scores and circumstances into a report.</summary>
internal static class ReportBuilder
{
    public static StoredReport Build(
        AuditContext context,
        string path,
        HashedPicture query,
        CandidateSelection selection,
        BackgroundSample background,
        IReadOnlyList<MethodScores> all,
        DateTimeOffset now,
        StageTimings timings
    )
    {
        var request = context.Request;
        var candidates = selection.Candidates.Where(c => context.Pool.IsMember(c.Item)).ToList();
        var (scores, description) = (all[0].Queries[0], request.Methods[0].Description);
        var groups = request.GroupBy.Of([.. candidates.Select(c => c.Item)]);
        var grouped = description.Scores.Kind != ScoreKind.Chance;
        var options = new EvidenceOptions { Top = request.Top, Seed = request.Gradients.Seed };
        var evidence = EvidenceAssessment.Assess(
            all[0],
            candidates.Count,
            Similarities(selection),
            options,
            description
        );
        var ranked = Enumerable
            .Range(0, candidates.Count)
            .OrderByDescending(i => scores.Mean[i])
            .ThenBy(i => i)
            .Take(request.Top)
            .ToList();
        var created = new DateTimeOffset(
            now.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond,
            TimeSpan.Zero
        );
        var report = new AuditReport
        {
            Id = Ulid.NewUlid(created).ToString(),
            CreatedUtc = created,
            Tool = request.Tool,
            Query = new(path, query.Sha256, query.PixelSha256, query.Picture.Width, query.Picture.Height),
            Model = Model(context),
            Dataset = new(request.Dataset, context.DatasetRoot, context.Set.Items.Count, context.Set.Skipped.Count),
            Encoder = request.Encoder is { } encoder ? new(encoder.Name, encoder.Sha256) : null,
            Method = Method(
                context,
                all[0],
                EvidenceGatherer.LooksAtBackground([request.Methods[0]]) ? background.Items.Count : 0
            ),
            Candidates = new(
                candidates.Count,
                [
                    .. selection.Tiers.Select(tier =>
                        tier with
                        {
                            Count = candidates.Count(c => c.Tiers.Contains(tier.Name)),
                        }
                    ),
                ]
            ),
            Attributions =
            [
                .. ranked.Select(
                    (index, position) =>
                        Attribution(position + 1, candidates[index], scores, index, description.Scores.Direction) with
                        {
                            PValue = evidence.Pictures[index].PValue,
                            QValue = evidence.Pictures[index].QValue,
                            TopProbability = evidence.Pictures[index].TopProbability,
                            Strength = evidence.Pictures[index].Strength,
                        }
                ),
            ],
            GroupedBy = request.GroupBy.Name,
            Groups = grouped
                ? EvidenceAssessment.TestGroups(GroupShares.Compute(groups, scores), groups, scores, options)
                : [],
            Evidence = evidence.Info with { Decoys = context.Decoys, GroupDraws = grouped ? options.GroupDraws : null },
            Comparison = all.Count > 1 ? Comparison(context, candidates, all) : null,
            DampingCurve = all[0].Curve,
            DampingBand = all[0].Band is { } band
                ? new(
                    band.LeastRankCorrelation,
                    [.. ranked.Select(i => new DampingBandItem(candidates[i].Item.Path, band.Mean[i], band.Spread[i]))]
                )
                : null,
            Subset = request.Subset > 0 ? Subset(all[0], candidates, request.Subset) : null,
            Environment = request.Environment,
            Timings = timings.Seconds,
            Limits = ReportLimits.Of(context, query, candidates, background, scores.ByReplicate.Count),
        };
        return new(report, Thumbnails(context.Set, query, ranked.Select(i => candidates[i].Item)));
    }

    private static float[]? Similarities(CandidateSelection selection) =>
        selection.Candidates.All(c => c.Similarity is not null)
            ? [.. selection.Candidates.Select(c => (float)c.Similarity!.Value)]
            : null;

    private static ComparisonInfo Comparison(
        AuditContext context,
        List<Candidate> candidates,
        IReadOnlyList<MethodScores> all
    )
    {
        var request = context.Request;
        var means = all.Select(scores => scores.Queries[0].Mean[..candidates.Count]).ToArray();
        var ids = request.Methods.Select(method => method.Description.Id).ToArray();
        var pairs =
            from a in Enumerable.Range(0, ids.Length)
            from b in Enumerable.Range(a + 1, ids.Length - a - 1)
            select RankAgreement.Between(ids[a], means[a], ids[b], means[b], request.Top);
        return new(
            [
                .. request.Methods.Select(
                    (method, m) =>
                        new ComparedMethod(
                            ids[m],
                            method.Description.Scores.LargerMeans,
                            all[m].Damping.Count == 0 && method.Description.OwnDamping is null
                                ? null
                                : Rule(request, method),
                            all[m].Damping,
                            [
                                .. Ranking
                                    .Top(means[m], request.Top)
                                    .Select(i => new ComparedItem(candidates[i].Item.Path, means[m][i])),
                            ]
                        )
                ),
            ],
            [.. pairs]
        );
    }

    private static SubsetInfo Subset(MethodScores scores, List<Candidate> candidates, int size)
    {
        if (scores.Refits is { } refits)
            return Info("refit", MostInfluentialSubset.OfRefits(refits, new() { Size = size }));
        // Scores that add up leave nothing to adapt to.
        var search = scores.Queries[0].AddsUp ? SubsetSearch.Greedy : SubsetSearch.Adaptive;
        return Info(
            search == SubsetSearch.Greedy ? "greedy" : "adaptive",
            MostInfluentialSubset.OfScores(scores.Queries[0], candidates.Count, new() { Size = size, Search = search })
        );

        SubsetInfo Info(string name, InfluentialSubset subset) =>
            new(name, [.. subset.Order.Select(i => candidates[i].Item.Path)], subset.Influence);
    }

    private static string? Rule(AuditRequest request, IAttributionMethod method) =>
        method.Description.OwnDamping ?? (request.Method.Damping ?? method.Description.Damping)?.ToString();

    private static MethodInfo Method(AuditContext context, MethodScores scores, int background)
    {
        var (gradients, method) = (context.Request.Gradients, context.Request.Methods[0]);
        var (description, needs) = (method.Description, method.Needs);
        return new()
        {
            Id = description.Id,
            Seed = gradients.Seed,
            Scores = ScoreInfo.Of(method),
            OutputFunction = needs
                .Features.Select(need => need.Kinds[0].Function)
                .FirstOrDefault(needs is { Ekfac: true } or { RetrainedModels: > 0 } ? "loss" : "none"),
            Timesteps = needs.LooksAtModel ? context.Timesteps : [],
            Replicates = description.Scores.Noise == ScoreNoise.None ? 0 : gradients.Replicates,
            Projection = ScoreInfo.Of(method).Projects ? context.Projection : "none",
            Damping =
                scores.Damping.Count == 0 && description.OwnDamping is null
                    ? "none"
                    : Rule(context.Request, method) ?? "none",
            DampingValues = scores.Damping,
            Residual = description.Residuals ? context.Request.Method.Residual.Name() : ResidualKind.None.Name(),
            Parameters = gradients.Parameters,
            MetricSha256 = gradients.Metric?.Sha256,
            Precision =
                gradients.Precision == GradientPrecision.Full || needs.Features.Count == 0
                    ? null
                    : gradients.Precision.Name(),
            CandidateLimit = context.Request.Candidates.Limit,
            IncludedOwners = context.Request.Candidates.IncludedOwners,
            Background = background > 0 ? background : null,
            Retrained = context.Retrained,
            QueryClass = context.Request.QueryClass,
        };
    }

    private static ModelInfo Model(AuditContext context) =>
        context.Request.Methods[0].Needs is { LooksAtModel: true, RetrainedModels: 0 }
            ? context.Model
            : context.Model with
            {
                AttributedParameters = 0,
            };

    private static AttributedPicture Attribution(
        int rank,
        Candidate candidate,
        QueryScores scores,
        int index,
        ScoreDirection direction
    ) =>
        new()
        {
            Rank = rank,
            Item = candidate.Item.Path,
            Sha256 = candidate.Item.Sha256,
            Score = scores.Mean[index],
            StandardError = scores.StandardError(index),
            Direction = direction switch
            {
                ScoreDirection.Beside => scores.Directions?[index] ?? 0,
                ScoreDirection.Sign => Math.Sign(scores.Mean[index]),
                _ => 0,
            },
            Similarity = candidate.Similarity,
            Tiers = candidate.Tiers,
            Title = candidate.Item.Title,
            License = candidate.Item.Rights.License,
            RightsHolder = candidate.Item.Rights.RightsHolder,
            Author = candidate.Item.Rights.Author,
            Source = candidate.Item.Rights.Source,
        };

    private static Dictionary<string, byte[]> Thumbnails(
        TrainingSet set,
        HashedPicture query,
        IEnumerable<TrainingItem> items
    )
    {
        var thumbnails = new Dictionary<string, byte[]> { [query.Sha256] = ThumbnailMaker.Make(query.Picture) };
        foreach (var item in items)
            thumbnails.TryAdd(item.Sha256, ThumbnailMaker.Make(set.Read(item)));
        return thumbnails;
    }
}
