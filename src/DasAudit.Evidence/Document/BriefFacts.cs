using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Document;

/// <summary>What a report depends on, a line for each input.</summary>
internal static class BriefFacts
{
    private const int HashDigits = 12;

    internal static IEnumerable<Fact> Of(AuditReport report)
    {
        var (query, dataset) = (report.Query, report.Dataset);
        yield return Line(
            "report",
            report.Id,
            Figures.Moment(report.CreatedUtc),
            $"das-audit {report.Tool.Version}",
            report.Auditor is { } auditor ? $"by {auditor}" : null
        );
        yield return Line("query", query.Path, $"{query.Width}×{query.Height}", $"SHA-256 {Hash(query.Sha256)}");
        if (query.Region is { } region)
            yield return Line(
                "region",
                RegionWords.Place(region),
                region.Mask is { } mask ? $"{mask}, SHA-256 {Hash(region.MaskSha256 ?? "")}" : null
            );
        if (query.Prompt is { } prompt)
            yield return Line("prompt", prompt.Length == 0 ? "(empty)" : prompt, $"from {query.PromptSource}");
        yield return Model(report);
        if (report.Model is { Schedule: { } schedule } model)
            yield return Line(
                "schedule",
                schedule,
                $"predicts {model.PredictionType}",
                Circumstances.ScheduleSource(model)
            );
        yield return Line(
            "dataset",
            dataset.Path,
            Figures.Count(dataset.Count, "picture"),
            dataset.Skipped > 0 ? $"{Figures.Count(dataset.Skipped)} left out" : null,
            $"root {Hash(dataset.Root)}"
        );
        var tiers = report.Candidates.Tiers.Select(tier => $"{Words.Tier(tier.Name)} {Figures.Count(tier.Count)}");
        yield return Line(
            "candidates",
            $"{Figures.Count(report.Candidates.Count)}: {string.Join(", ", tiers)}",
            report.Encoder is { } encoder ? $"encoder {encoder.Name}" : null
        );
        yield return Method(report.Method);
        if (DampingSection.Brief(report) is { } curve)
            yield return Line("damping curve", curve);
        if (report.DampingBand is { } band)
            yield return Line("damping band", DampingSection.Band(band));
        yield return Line(
            "took",
            Figures.Duration(TimeSpan.FromSeconds(report.Timings.Values.Sum())),
            $"on {report.Environment.Device}",
            Figures.Count(report.Environment.Threads, "thread")
        );
    }

    private static Fact Model(AuditReport report)
    {
        var model = report.Model;
        var parameters = Circumstances.AttributesParameters(report)
            ? $"{Figures.Count(model.AttributedParameters)} of {Figures.Count(model.Parameters)} parameters"
            : Figures.Count(model.Parameters, "parameter");
        return Line(
            "model",
            model.Path,
            parameters,
            $"adapter {model.Adapter}",
            $"weights {Hash(model.WeightsSha256)}"
        );
    }

    private static Fact Method(MethodInfo method)
    {
        var scores = ScoreInfo.Of(method);
        return Line(
            "method",
            method.Id,
            scores.LooksAtModel ? Figures.Count(method.Timesteps.Count, "timestep") : null,
            scores.Noise == ScoreNoise.None ? null : Figures.Count(method.Replicates, "replicate"),
            scores.Projects ? $"projection {method.Projection}" : null,
            method.Precision is { } precision ? $"precision {precision}" : null,
            method.Damping == "none" ? null : $"damping {method.Damping}",
            method.Background is { } background ? $"background {Figures.Count(background)}" : null,
            method.Retrained is { } retrained
                ? $"{Figures.Count(retrained.Count, "retrained model")} {Hash(retrained.Sha256)}"
                : null,
            scores.LooksAtGradients ? $"residual {method.Residual}" : null,
            $"seed {method.Seed}"
        );
    }

    private static Fact Line(string name, params IEnumerable<string?> facts) =>
        new(name, Content.Foreign(string.Join(", ", facts.OfType<string>())));

    private static string Hash(string sha256) => sha256.Length > HashDigits ? sha256[..HashDigits] + "…" : sha256;
}
