using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Generation;
using DasAudit.Core.Platforms;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Audits;

/// <summary>Turns scores and circumstances into reports.</summary>
internal sealed class ReportBuilder(AuditMaterial material)
{
    private readonly ListedRights _rights = new(material.Pool);
    private readonly TextLimits _textLimits = new(material);
    private readonly Lazy<ModelAdditions?> _additions = new(() =>
        AdditionsReader.Read(material.Model.Source, material.Model.Model)
    );
    private readonly Lazy<CaptionsInfo> _captions = new(() => CaptionsInfo.Of(material.Pool.Members));

    /// <summary>Which passes the methods' gradients came from; null where nothing was read off a model.</summary>
    public MethodPasses? Passes { get; init; }

    private AuditPlan Plan => material.Plan;

    private PicturePool Pool => material.Pool;

    private AuditOptions Options => material.Plan.Options;

    private AuditInputs Inputs => material.Plan.Request.Inputs;

    private IAttributionMethod Method => material.Plan.Options.ReportedMethod;

    /// <summary>Builds the report of one query.</summary>
    /// <param name="scores">Of each method, the reported one first.</param>
    /// <param name="timings">Seconds by stage.</param>
    public StoredReport Build(
        AuditQuery query,
        IReadOnlyList<MethodScores> scores,
        IReadOnlyList<string> notes,
        DateTimeOffset now,
        IReadOnlyDictionary<string, double> timings
    )
    {
        var candidates = query.Candidates;
        var reported = scores[0];
        var queryScores = reported.Queries[0];
        var ranked = Ranking.Top(queryScores.Mean[..candidates.Count], Options.Listed(candidates.Count)).ToList();
        var evidenceOptions = new EvidenceOptions { Top = Options.EvidenceTop, Seed = Options.Gradients.Seed };
        var similarities = query.Selection.Similarities;
        var evidence = EvidenceAssessment.Assess(
            reported,
            candidates.Count,
            similarities,
            evidenceOptions,
            Method.Description
        );
        var groups = Groups(candidates, queryScores, evidenceOptions);
        var comparison = new ScoreComparison(Plan, candidates, Passes);
        var retrainedNotes = material.Retrained?.Notes([.. candidates.Select(c => c.Item)], Pool.Members.Root) ?? [];
        var limits = new ReportLimits(Plan.Request, Pool, Plan.Shape).Of(
            query,
            queryScores.ByReplicate.Count,
            [
                .. new RegionLimits(Plan, material.NullQueries.All.Count).Sentences,
                .. Plan.Assumptions,
                .. Pool.Notes.Distinct(),
                .. _textLimits.Of(query),
                .. material.NullQueries.Notes,
                .. Plan.Features.Substitutions,
                .. notes,
                .. retrainedNotes,
            ]
        );
        var picture = query.Picture.Picture;
        var created = ToMilliseconds(now);
        List<AttributedPicture> attributions =
        [
            .. ranked.Select((index, rank) => Attribution(rank + 1, candidates[index], index, queryScores, evidence)),
        ];
        var settings = new MethodSettings(Plan, material.Retrained, Passes);
        var report = new AuditReport
        {
            Id = Ulid.NewUlid(created).ToString(),
            CreatedUtc = created,
            Tool = Plan.Request.Provenance.Tool,
            Auditor = Plan.Request.Provenance.Auditor,
            Query = Query(query.Picture),
            Model = Model(),
            Dataset = Dataset(picture.Picture),
            Encoder = Encoder(),
            Method = settings.Of(reported.Damping, query.Picture, query.Background.Items.Count),
            Candidates = new(candidates.Count, Tiers(query.Selection, candidates)),
            Estimand = new Estimand(Method).Of(attributions),
            Attributions = attributions,
            GroupedBy = Options.GroupBy.Name,
            Groups = groups,
            Rights = _rights.Of(ranked.Select(index => candidates[index].Item), now),
            Evidence = evidence.Info with
            {
                Decoys = Decoys(),
                GroupDraws = Groupable ? evidenceOptions.GroupDraws : null,
            },
            Comparison = scores.Count > 1 ? comparison.Between(scores) : null,
            DampingCurve = reported.Curve,
            DampingBand = reported.Band is { } band ? comparison.DampingBand(band, ranked) : null,
            Subset = Options.Subset > 0 ? comparison.MostInfluential(reported, Options.Subset) : null,
            Evaluations = Evaluations(),
            Environment = Plan.Request.Provenance.Environment,
            Timings = timings,
            Limits = limits,
        };
        return new(report, Thumbnails(report.Query, picture, ranked.Select(index => candidates[index].Item)))
        {
            Scores = ScoreCollection.Of(query, Options.Methods, scores),
        };
    }

    // Random scores are nobody's.
    private bool Groupable => Method.Description.Scores.Kind != ScoreKind.Chance;

    private QueryInfo Query(QueryPicture query)
    {
        var picture = query.Picture;
        var info = new QueryInfo(
            Platform.Current.Slashed(query.Path),
            picture.Sha256,
            picture.PixelSha256,
            picture.Picture.Width,
            picture.Picture.Height
        )
        {
            Region = Region(),
        };
        if (!material.Model.Model.TakesCaptions())
            return info;
        return info with
        {
            Prompt = query.Prompt.Text,
            PromptSource = query.Prompt.Source,
            Sampling = Sampling(query.Prompt.Facts),
        };
    }

    private IReadOnlyList<QuotedEvaluation>? Evaluations()
    {
        var methods = Options.Methods.Select(method => method.Description.Id).ToList();
        var quoted = QuotedEvaluation.Of(
            Plan.Request.Evaluations,
            material.Model.WeightsSha256,
            Pool.Members.Root,
            methods
        );
        return quoted.Count > 0 ? quoted : null;
    }

    private StatedSampling? Sampling(GenerationFacts? facts)
    {
        var stated = new StatedSampling
        {
            NegativePrompt = Inputs.Prompts.Negative ?? facts?.NegativePrompt,
            Seed = facts?.Seed,
            Steps = facts?.Steps,
            Sampler = facts?.Sampler,
            Guidance = facts?.Guidance,
        };
        return stated == new StatedSampling() ? null : stated;
    }

    private IReadOnlyList<GroupShare> Groups(
        IReadOnlyList<Candidate> candidates,
        QueryScores scores,
        EvidenceOptions options
    )
    {
        if (!Groupable)
            return [];
        var groups = Options.GroupBy.Of([.. candidates.Select(candidate => candidate.Item)]);
        return EvidenceAssessment.TestGroups(GroupShares.Compute(groups, scores), groups, scores, options);
    }

    private EncoderInfo? Encoder() =>
        Inputs.Encoder is { } encoder
            ? new(encoder.Name, encoder.Sha256)
            {
                Preprocessing = encoder.Preprocessing,
                PreprocessingSource = encoder.PreprocessingSource,
                Device = encoder.Device,
            }
            : null;

    private Reports.RegionInfo? Region()
    {
        if (Plan.Region?.Pixels is not { } region)
            return null;
        var window = region.Window;
        return new((int)window.Left, (int)window.Top, window.Width, window.Height, region.Share)
        {
            Mask = region.Mask,
            MaskSha256 = region.MaskSha256,
        };
    }

    private ModelInfo Model()
    {
        var model = material.Model;
        var source = model.Source;
        return new(
            source.Adapter.Name,
            source.AdapterVersion,
            source.AdapterSha256,
            Platform.Current.Slashed(source.Path),
            model.WeightsSha256,
            model.ParameterCount,
            Method.Needs.TakesGradients ? Plan.AttributedParameters : 0
        )
        {
            Schedule = ScheduleFacts.Description(model.Model),
            PredictionType = model.Model.Process.Prediction,
            ScheduleSource =
                ScheduleFacts.Source(model.Model, source.Schedule, FolderOfPaths(source)) ?? ModelInfo.AssumedSchedule,
            Files = model.Files,
            With = _additions.Value,
        };
    }

    // Paths in a report are relative where the model's is.
    private static string? FolderOfPaths(ModelSource source) =>
        Path.IsPathRooted(source.Path) ? null : source.WorkingDirectory;

    private DatasetInfo Dataset(Picture audited)
    {
        var members = Pool.Members;
        var background = Inputs.DatasetOptions.Background;
        var shows = audited.Composited || Pool.Items.Any(item => item.Composited);
        var path = Platform.Current.Slashed(Inputs.Dataset);
        return new(path, members.Root, members.Items.Count, members.Skipped.Count)
        {
            Split = Inputs.DatasetOptions.Split,
            ListedOnly = Inputs.DatasetOptions.ListedOnly,
            Captions = material.Model.Model.TakesCaptions() ? _captions.Value : null,
            Resize = Resize(Inputs, material.Model.Model),
            Background = shows && background != PictureBackground.White ? background.ToString() : null,
            Hashes = members.Hashes is { Indexed: { } indexed } origin
                ? new("index", indexed, origin.FromIndex, origin.FromFiles)
                : null,
        };
    }

    /// <summary>How a report names the way in which pictures of other sizes are made the model's.</summary>
    public static string? Resize(AuditInputs inputs, IDiffusionModel model) =>
        inputs.DatasetOptions.Resize == ResizeMode.Crop && !model.TakesCaptions()
            ? null
            : inputs.DatasetOptions.Resize.ToString().ToLowerInvariant();

    private DecoyInfo? Decoys() =>
        Pool.Decoys is { } decoys ? new(Inputs.Decoys!, decoys.Root, decoys.Items.Count, decoys.Skipped.Count) : null;

    private static IReadOnlyList<TierCount> Tiers(CandidateSelection selection, IReadOnlyList<Candidate> candidates) =>
        [.. selection.Tiers.Select(tier => tier with { Count = candidates.Count(c => c.Tiers.Contains(tier.Name)) })];

    private AttributedPicture Attribution(
        int rank,
        Candidate candidate,
        int index,
        QueryScores scores,
        EvidenceFindings evidence
    )
    {
        var item = candidate.Item;
        var sureness = evidence.Pictures[index];
        return new()
        {
            Rank = rank,
            Item = item.Path,
            Sha256 = item.Sha256,
            PixelSha256 = item.PixelSha256,
            Score = scores.Mean[index],
            StandardError = scores.StandardError(index),
            Direction = Direction(scores, index),
            Similarity = candidate.Similarity,
            Tiers = candidate.Tiers,
            Title = item.Title,
            License = item.Rights.License,
            RightsHolder = item.Rights.RightsHolder,
            Author = item.Rights.Author,
            Source = item.Rights.Source,
            PValue = sureness.PValue,
            QValue = sureness.QValue,
            TopProbability = sureness.TopProbability,
            Strength = sureness.Strength,
        };
    }

    private int Direction(QueryScores scores, int index) =>
        Method.Description.Scores.Direction switch
        {
            ScoreDirection.Beside => scores.Directions?[index] ?? 0,
            ScoreDirection.Sign => Math.Sign(scores.Mean[index]),
            _ => 0,
        };

    private Dictionary<string, byte[]> Thumbnails(QueryInfo info, HashedPicture query, IEnumerable<TrainingItem> items)
    {
        var thumbnails = new Dictionary<string, byte[]> { [query.Sha256] = ThumbnailMaker.Make(query.Picture) };
        if (Plan.Region is { } region)
            thumbnails[info.RegionThumbnail] = ThumbnailMaker.Make(query.Picture, region.Pixels);
        foreach (var item in items)
            thumbnails.TryAdd(item.Sha256, ThumbnailMaker.Make(Pool.Read(item)));
        return thumbnails;
    }

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
