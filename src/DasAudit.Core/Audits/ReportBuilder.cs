using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Audits;

/// <summary>What several reports of one run have in common.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Model">The model.</param>
/// <param name="Shape">Of its pictures.</param>
/// <param name="Timesteps">At which gradients are taken unless a method wants others.</param>
/// <param name="Set">The training set.</param>
/// <param name="Pool">The training set with the decoys behind it.</param>
/// <param name="DatasetRoot">Merkle root of the training set.</param>
/// <param name="Notes">Sentences about this run that the reader must know.</param>
internal sealed record AuditContext(
    AuditRequest Request, ModelInfo Model, ImageShape Shape, int[] Timesteps, TrainingSet Set, TrainingSet Pool, string DatasetRoot, IReadOnlyList<string> Notes);

/// <summary>Turns scores and circumstances into a report.</summary>
internal static class ReportBuilder
{
    public static StoredReport Build(
        AuditContext context, string path, HashedPicture query, CandidateSelection selection, IReadOnlyList<MethodScores> all, DateTimeOffset now, StageTimings timings)
    {
        var request = context.Request;
        var candidates = selection.Candidates.Where(c => c.Item.Index < context.Set.Items.Count).ToList();
        var scores = all[0].Queries[0];
        var ranked = Enumerable.Range(0, candidates.Count).OrderByDescending(i => scores.Mean[i]).ThenBy(i => i).Take(request.Top).ToList();
        var created = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        var report = new AuditReport
        {
            Id = Ulid.NewUlid(created).ToString(),
            CreatedUtc = created,
            Tool = request.Tool,
            Query = new(path, query.Sha256, query.PixelSha256, query.Picture.Width, query.Picture.Height),
            Model = context.Model,
            Dataset = new(request.Dataset, context.DatasetRoot, context.Set.Items.Count, context.Set.Skipped.Count),
            Encoder = request.Encoder is { } encoder ? new(encoder.Name, encoder.Sha256) : null,
            Method = Method(context, all[0]),
            Candidates = new(candidates.Count, selection.Tiers),
            Attributions = [.. ranked.Select((index, position) => Attribution(position + 1, candidates[index], scores, index))],
            GroupedBy = request.GroupBy.Name,
            Groups = GroupShares.Compute(request.GroupBy.Of([.. candidates.Select(c => c.Item)]), scores),
            Environment = request.Environment,
            Timings = timings.Seconds,
            Limits = ReportLimits.Of(context, query, candidates),
        };
        return new(report, Thumbnails(context.Set, query, ranked.Select(i => candidates[i].Item)));
    }

    private static MethodInfo Method(AuditContext context, MethodScores scores)
    {
        var (gradients, method) = (context.Request.Gradients, context.Request.Method);
        return new()
        {
            Id = context.Request.Methods[0].Description.Id,
            Seed = gradients.Seed,
            OutputFunction = "mean",
            Timesteps = context.Timesteps,
            Replicates = gradients.Replicates,
            Projection = gradients.Projection.ToString(),
            Damping = (method.Damping ?? DampingRules.Default).ToString(),
            DampingValues = scores.Damping,
            Residual = method.Residual.Name(),
            Parameters = gradients.Parameters,
            MetricSha256 = gradients.Metric?.Sha256,
            CandidateLimit = context.Request.Candidates.Limit,
            IncludedOwners = context.Request.Candidates.IncludedOwners,
            QueryClass = context.Request.QueryClass,
        };
    }

    private static Attribution Attribution(int rank, Candidate candidate, QueryScores scores, int index) => new()
    {
        Rank = rank,
        Item = candidate.Item.Path,
        Sha256 = candidate.Item.Sha256,
        Score = scores.Mean[index],
        StandardError = scores.StandardError(index),
        Direction = scores.Directions?[index] ?? (scores.Mean[index] < 0 ? -1 : 1),
        Similarity = candidate.Similarity,
        Tiers = candidate.Tiers,
        Title = candidate.Item.Title,
        License = candidate.Item.Rights.License,
        RightsHolder = candidate.Item.Rights.RightsHolder,
        Author = candidate.Item.Rights.Author,
        Source = candidate.Item.Rights.Source,
    };

    private static Dictionary<string, byte[]> Thumbnails(TrainingSet set, HashedPicture query, IEnumerable<TrainingItem> items)
    {
        var thumbnails = new Dictionary<string, byte[]> { [query.Sha256] = ThumbnailMaker.Make(query.Picture) };
        foreach (var item in items) thumbnails.TryAdd(item.Sha256, ThumbnailMaker.Make(set.Read(item)));
        return thumbnails;
    }
}
