using System.Globalization;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Document;

/// <summary>What a report depends on: inputs, settings, environment and times.</summary>
internal static class Circumstances
{
    private const string None = "none";

    internal static IEnumerable<Section> Of(AuditReport report)
    {
        yield return Section("What went in", Inputs(report));
        yield return Section("Method", Method(report));
        yield return Section("Candidates", Candidates(report.Candidates));
        if (report.Evidence is { } evidence)
            yield return Section("Chance and noise", Chance(evidence));
        yield return Section("Where and how long", Environment(report));
    }

    // Reports of earlier versions give a number for every method.
    internal static bool AttributesParameters(AuditReport report) =>
        report.Model.AttributedParameters > 0
        && ScoreInfo.Of(report.Method) is { LooksAtModel: true, LooksAtRetrainedModels: false };

    // Where the noise schedule comes from.
    internal static string ScheduleSource(ModelInfo model) =>
        model.ScheduleSource == ModelInfo.AssumedSchedule ? ModelInfo.AssumedSchedule : $"from {model.ScheduleSource}";

    private static Section Section(string title, IEnumerable<Fact> facts) => new(title, new Facts([.. facts]));

    private static Fact Fact(string name, string value) => new(name, Content.Foreign(value));

    private static Fact Hash(string ofWhat, string value) => new(ofWhat, Content.Code(value));

    private static IEnumerable<Fact> Inputs(AuditReport report)
    {
        var (query, model, dataset) = (report.Query, report.Model, report.Dataset);
        var attributed = AttributesParameters(report)
            ? $", of which {Figures.Count(model.AttributedParameters)} were attributed"
            : "";
        var skipped = dataset.Skipped > 0 ? $", and {Figures.Count(dataset.Skipped)} skipped" : "";
        yield return Fact("Picture", query.Path);
        yield return Hash("SHA-256 of the file", query.Sha256);
        yield return Hash("SHA-256 of the pixels", query.PixelSha256);
        if (query.Region is { } region)
            yield return Fact("Region", RegionWords.Place(region));
        if (query.Region is { Mask: { } mask, MaskSha256: { } maskSha256 })
        {
            yield return Fact("Mask", mask);
            yield return Hash("SHA-256 of the mask", maskSha256);
        }

        foreach (var fact in Generation(query))
            yield return fact;
        yield return Fact("Model", model.Path);
        yield return Hash("SHA-256 of the weights", model.WeightsSha256);
        foreach (var file in model.Files ?? [])
            yield return Hash($"SHA-256 of {file.Name}", file.Sha256);
        foreach (var addition in Additions(model.With))
            yield return addition;
        yield return Fact("Parameters", Figures.Count(model.Parameters) + attributed);
        if (model.Schedule is { } schedule)
            yield return Fact("Noise schedule", schedule);
        if (model.PredictionType is { } prediction)
            yield return Fact("Predicts", prediction);
        if (model.ScheduleSource is not null)
            yield return Fact("Schedule and prediction", ScheduleSource(model));
        yield return Fact("Adapter", $"{model.Adapter} {model.AdapterVersion}");
        yield return Hash("SHA-256 of the adapter", model.AdapterSha256);
        yield return Fact("Dataset", dataset.Path);
        yield return Fact("Pictures", Figures.Count(dataset.Count) + skipped);
        if (dataset.Split is { } split)
            yield return Fact("Split", split);
        if (dataset.ListedOnly)
            yield return Fact("Left out", "pictures that the metadata do not list");
        yield return Hash("Merkle root", dataset.Root);
        if (dataset.Captions is { } captions)
        {
            var missing = captions.Missing > 0 ? $", and {Figures.Count(captions.Missing)} pictures without" : "";
            yield return Fact("Captions", Figures.Count(captions.Stated) + missing);
            yield return Hash("SHA-256 of the captions", captions.Sha256);
        }

        if (dataset.Resize is { } resize)
            yield return Fact("Pictures of other sizes", ResizeWords(resize));
        if (dataset.Hashes is { } hashes)
            yield return Fact("Files not read again", $"{Figures.Count(hashes.Files)}, known to an index");
        if (report.Encoder is not { } encoder)
            yield break;
        yield return Fact("Image encoder", encoder.Name);
        yield return Hash("SHA-256 of the encoder", encoder.Sha256);
        if (encoder is { Preprocessing: { } preprocessing, PreprocessingSource: { } source })
            yield return Fact("Preprocessing", $"{preprocessing} ({source})");
        if (encoder.Device is { } device)
            yield return Fact("Encoder ran on", device);
    }

    private static IEnumerable<Fact> Additions(ModelAdditions? with)
    {
        foreach (var lora in with?.Loras ?? [])
        {
            var weight = lora.Weight.ToString(CultureInfo.InvariantCulture);
            yield return Fact("LoRA", $"{lora.Path}, weight {weight}");
            yield return Hash("SHA-256 of the LoRA", lora.Sha256);
        }

        if (with?.Config is { } config)
            yield return Fact("Described by", config);
        if (with?.Resolution is { } size)
            yield return Fact("Size of its pictures", string.Create(CultureInfo.InvariantCulture, $"{size}×{size}"));
    }

    private static IEnumerable<Fact> Generation(QueryInfo query)
    {
        if (query.Prompt is not { } prompt)
            yield break;
        yield return Fact("Prompt", prompt.Length == 0 ? "(empty)" : prompt);
        yield return Fact("Prompt from", query.PromptSource ?? "");
        if (query.Sampling is not { } sampling)
            yield break;
        if (sampling.NegativePrompt is { Length: > 0 } negative)
            yield return Fact("Negative prompt", negative);
        if (sampling.Seed is { } seed)
            yield return Fact("Seed of the picture", seed.ToString(CultureInfo.InvariantCulture));
        if (sampling.Steps is { } steps)
            yield return Fact("Sampling steps", Figures.Count(steps));
        if (sampling.Sampler is { } sampler)
            yield return Fact("Sampler", sampler);
        if (sampling.Guidance is { } guidance)
            yield return Fact("Guidance", guidance.ToString(CultureInfo.InvariantCulture));
    }

    private static string ResizeWords(string resize) =>
        resize switch
        {
            "squash" => "resized without their proportions",
            "pad" => "resized to fit, with black around them",
            "bucket" => "cropped to the shape of the nearest proportions",
            _ => "resized to the short side and cropped at the centre",
        };

    private static IEnumerable<Fact> Method(AuditReport report)
    {
        var method = report.Method;
        var scores = ScoreInfo.Of(method);
        yield return Fact("Method", method.Id == scores.Title ? method.Id : $"{scores.Title} ({method.Id})");
        yield return Fact("Looks at", scores.LooksAt.Count == 0 ? "nothing" : string.Join(", ", scores.LooksAt));
        yield return Fact("Seed", method.Seed.ToString(CultureInfo.InvariantCulture));
        if (scores.LooksAtModel && method.OutputFunction != None)
            yield return Fact("Output function", method.OutputFunction);
        if (scores.LooksAtModel)
            yield return Fact("Timesteps", string.Join(", ", method.Timesteps));
        foreach (var fact in Passes(method.Passes))
            yield return fact;
        if (scores.Noise != ScoreNoise.None)
            yield return Fact("Replicates", Figures.Count(method.Replicates));
        if (scores.Projects)
            yield return Fact("Projection", method.Projection);
        if (method.Precision is { } precision)
            yield return Fact("Precision", precision);
        // Passes that are told show each checkpoint's.
        if (scores.LooksAtGradients && method is { Passes: null, MetricSha256: { } metric })
            yield return Hash("SHA-256 of the metric of gradients", metric);
        if (method.Damping != None)
            yield return Fact("Damping", method.Damping);
        if (method.DampingValues.Count > 0)
            yield return Fact("Damping values", string.Join(", ", method.DampingValues.Select(Figures.Exact)));
        if (scores.LooksAtGradients)
            yield return Fact("Residual", method.Residual);
        if (AttributesParameters(report))
            yield return Fact("Attributed parameters", method.Parameters ?? "all");
        var limit = method.CandidateLimit is { } most ? Figures.Count(most) : "none: the whole dataset";
        yield return Fact("Candidate limit", limit);
        if (method.IncludedOwners.Count > 0)
            yield return Fact("Always included", string.Join("; ", method.IncludedOwners));
        if (method.Background is { } background)
            yield return Fact(
                "In the kernel beside the candidates",
                $"{Figures.Count(background)} other training pictures"
            );
        if (method.Retrained is { } retrained)
        {
            yield return Fact("Retrained models", Figures.Count(retrained.Count));
            yield return Hash("SHA-256 of the retrained models", retrained.Sha256);
        }

        if (method.QueryClass is { } queryClass)
            yield return Fact("Class", queryClass.ToString(CultureInfo.InvariantCulture));
        yield return Fact("Grouped by", report.GroupedBy);
    }

    private static IEnumerable<Fact> Passes(PassesInfo? passes)
    {
        foreach (var checkpoint in passes?.Checkpoints ?? [])
        {
            yield return Fact("Gradients of", PassesWords.Checkpoint(checkpoint));
            yield return Hash("SHA-256 of its weights", checkpoint.WeightsSha256);
            if (checkpoint.MetricSha256 is { } metric)
                yield return Hash("SHA-256 of its second moments, the metric", metric);
        }

        if (passes is not null)
            yield return Fact("Passes", PassesWords.Draws(passes));
    }

    private static IEnumerable<Fact> Candidates(CandidatesInfo candidates) =>
        candidates
            .Tiers.Select(tier => Fact(Words.Tier(tier.Name), Figures.Count(tier.Count)))
            .Append(Fact("scored in all", Figures.Count(candidates.Count)));

    private static IEnumerable<Fact> Chance(EvidenceInfo evidence)
    {
        if (evidence.NullPool is { } pool)
        {
            yield return Fact("Compared with", $"{Figures.Count(pool.Size)} {Words.Pool(pool.Kind)}");
            yield return Fact("Smallest possible p", Figures.Probability(pool.MinimumPValue));
            yield return Fact("q by", evidence.QValues);
        }
        else
        {
            yield return Fact("Compared with", "nothing: no null pool");
        }

        if (evidence.GroupDraws is { } draws)
            yield return Fact("Groups compared with", $"{Figures.Count(draws)} random groups each");
        if (evidence.Icc is { } icc)
            yield return Fact("Part of the variance between pictures", Figures.Cosine(icc));
        if (evidence.RankStability is not { } stability)
            yield break;
        yield return Fact("Rank correlation between noise draws", Figures.Cosine(stability.Spearman));
        yield return Fact(
            $"Top {Figures.Count(stability.Top)} in common between noise draws",
            Figures.Percent(stability.Jaccard)
        );
    }

    private static IEnumerable<Fact> Environment(AuditReport report)
    {
        var environment = report.Environment;
        yield return Fact("System", environment.Os);
        yield return Fact("Runtime", environment.Runtime);
        yield return Fact("libtorch", environment.Libtorch);
        yield return Fact("Device", $"{environment.Device}, {Figures.Count(environment.Threads, "thread")}");
        foreach (var (stage, seconds) in report.Timings)
            yield return Fact($"Time: {stage}", Figures.Seconds(seconds));
        yield return Fact("Time in all", Figures.Seconds(report.Timings.Values.Sum()));
    }
}
