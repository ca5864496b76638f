using System.Globalization;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports;

/// <summary>What a report depends on, as tables of names and values. Values that a machine compares, such as hashes, are marked as code.</summary>
internal static class Circumstances
{
    private const string None = "none";

    internal static IEnumerable<(string Title, IReadOnlyList<Fact> Facts)> Of(AuditReport report)
    {
        yield return ("What went in", [.. Inputs(report)]);
        yield return ("Method", [.. Method(report)]);
        yield return (
            "Candidates",
            [
                .. report.Candidates.Tiers.Select(t => new Fact(Words.Tier(t.Name), Figures.Count(t.Count))),
                new Fact("scored in all", Figures.Count(report.Candidates.Count)),
            ]
        );
        if (report.Evidence is { } evidence)
            yield return ("Chance and noise", [.. Chance(evidence)]);
        yield return ("Where and how long", [.. Environment(report)]);
    }

    private static IEnumerable<Fact> Inputs(AuditReport report)
    {
        yield return new("Picture", report.Query.Path);
        yield return new("SHA-256 of the file", report.Query.Sha256, Code: true);
        yield return new("SHA-256 of the pixels", report.Query.PixelSha256, Code: true);
        yield return new("Model", report.Model.Path);
        yield return new("SHA-256 of the weights", report.Model.WeightsSha256, Code: true);
        yield return new(
            "Parameters",
            $"{Figures.Count(report.Model.Parameters)}{(AttributesParameters(report) ? $", of which {Figures.Count(report.Model.AttributedParameters)} were attributed" : "")}"
        );
        yield return new("Adapter", $"{report.Model.Adapter} {report.Model.AdapterVersion}");
        yield return new("SHA-256 of the adapter", report.Model.AdapterSha256, Code: true);
        yield return new("Dataset", report.Dataset.Path);
        yield return new(
            "Pictures",
            $"{Figures.Count(report.Dataset.Count)}{(report.Dataset.Skipped > 0 ? $", and {Figures.Count(report.Dataset.Skipped)} skipped" : "")}"
        );
        yield return new("Merkle root", report.Dataset.Root, Code: true);
        if (report.Encoder is not { } encoder)
            yield break;
        yield return new("Image encoder", encoder.Name);
        yield return new("SHA-256 of the encoder", encoder.Sha256, Code: true);
    }

    private static IEnumerable<Fact> Method(AuditReport report)
    {
        var (method, scores) = (report.Method, ScoreInfo.Of(report.Method));
        yield return new("Method", method.Id == scores.Title ? method.Id : $"{scores.Title} ({method.Id})");
        yield return new("Looks at", scores.LooksAt.Count == 0 ? "nothing" : string.Join(", ", scores.LooksAt));
        yield return new("Seed", method.Seed.ToString(CultureInfo.InvariantCulture));
        if (scores.LooksAtModel)
        {
            if (method.OutputFunction != None)
                yield return new("Output function", method.OutputFunction);
            yield return new("Timesteps", string.Join(", ", method.Timesteps));
        }

        if (scores.Noise != ScoreNoise.None)
            yield return new("Replicates", Figures.Count(method.Replicates));
        if (scores.Projects)
            yield return new("Projection", method.Projection);
        if (method.Precision is { } precision)
            yield return new("Precision", precision);
        if (method.Damping != None)
            yield return new("Damping", method.Damping);
        if (method.DampingValues.Count > 0)
            yield return new("Damping values", string.Join(", ", method.DampingValues.Select(Figures.Exact)));
        if (scores.LooksAtGradients)
            yield return new("Residual", method.Residual);
        if (AttributesParameters(report))
            yield return new("Attributed parameters", method.Parameters ?? "all");
        yield return new(
            "Candidate limit",
            method.CandidateLimit is { } limit ? Figures.Count(limit) : "none: the whole dataset"
        );
        if (method.IncludedOwners.Count > 0)
            yield return new("Always included", string.Join("; ", method.IncludedOwners));
        if (method.Background is { } background)
            yield return new(
                "In the kernel beside the candidates",
                $"{Figures.Count(background)} other training pictures"
            );
        if (method.Retrained is { } retrained)
        {
            yield return new("Retrained models", Figures.Count(retrained.Count));
            yield return new("SHA-256 of the retrained models", retrained.Sha256, Code: true);
        }

        if (method.QueryClass is { } label)
            yield return new("Class", label.ToString(CultureInfo.InvariantCulture));
        yield return new("Grouped by", report.GroupedBy);
    }

    // Reports of earlier versions give a number for every method.
    internal static bool AttributesParameters(AuditReport report) =>
        report.Model.AttributedParameters > 0
        && ScoreInfo.Of(report.Method) is { LooksAtModel: true, LooksAtRetrainedModels: false };

    private static IEnumerable<Fact> Chance(EvidenceInfo evidence)
    {
        if (evidence.NullPool is { } pool)
        {
            yield return new("Compared with", $"{Figures.Count(pool.Size)} {Words.Pool(pool.Kind)}");
            yield return new("Smallest possible p", Figures.Probability(pool.MinimumPValue));
            yield return new("q by", evidence.QValues);
        }
        else
        {
            yield return new("Compared with", "nothing: no null pool");
        }

        if (evidence.GroupDraws is { } draws)
            yield return new("Groups compared with", $"{Figures.Count(draws)} random groups each");
        if (evidence.Icc is { } icc)
            yield return new("Part of the variance between pictures", Figures.Cosine(icc));
        if (evidence.RankStability is not { } stability)
            yield break;
        yield return new("Rank correlation between noise draws", Figures.Cosine(stability.Spearman));
        yield return new(
            $"Top {Figures.Count(stability.Top)} in common between noise draws",
            Figures.Percent(stability.Jaccard)
        );
    }

    private static IEnumerable<Fact> Environment(AuditReport report)
    {
        yield return new("System", report.Environment.Os);
        yield return new("Runtime", report.Environment.Runtime);
        yield return new("libtorch", report.Environment.Libtorch);
        yield return new(
            "Device",
            $"{report.Environment.Device}, {Figures.Count(report.Environment.Threads)} thread{(report.Environment.Threads == 1 ? "" : "s")}"
        );
        foreach (var (stage, seconds) in report.Timings)
            yield return new($"Time: {stage}", Figures.Seconds(seconds));
        yield return new("Time in all", Figures.Seconds(report.Timings.Values.Sum()));
    }

    /// <summary>A name and a value.</summary>
    internal sealed record Fact(string Name, string Value, bool Code = false);
}
