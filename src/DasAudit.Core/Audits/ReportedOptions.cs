using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>The options of the audit that a report is of, read off the report.</summary>
public static class ReportedOptions
{
    private const string None = "none";

    /// <summary>Those that give the same report again.</summary>
    /// <param name="metric">The inner product of gradients that the report names by its hash; null for none.</param>
    /// <param name="mask">Where the region's mask lies; null for a region without, or where the report says.</param>
    /// <exception cref="AuditException">A setting of the report is not known to this version.</exception>
    public static AuditOptions Of(AuditReport report, AdamMetric? metric, string? mask)
    {
        ArgumentNullException.ThrowIfNull(report);
        var settings = report.Method;
        var method = MethodCatalog.Find(settings.Id);
        return new()
        {
            Methods = [method, .. Compared(report)],
            Method = new()
            {
                Damping = Damping(settings, method),
                Residual = method.Description.Residuals
                    ? ResidualNames.Parse(settings.Residual)
                    : new MethodOptions().Residual,
                Seed = settings.Seed,
            },
            Candidates = new() { Limit = settings.CandidateLimit, IncludedOwners = settings.IncludedOwners },
            Background = Background(report),
            Gradients = Gradients(settings, method, metric),
            GroupBy = GroupKey.Parse(report.GroupedBy),
            Top = Top(report),
            Subset = report.Subset?.Order.Count ?? 0,
            Region = Region(report.Query.Region, mask),
        };
    }

    // Their settings are those of the report's own method, which says none if it looks at no model.
    private static IEnumerable<IAttributionMethod> Compared(AuditReport report) =>
        HoldsNoPasses(report) ? [] : (report.Comparison?.Methods ?? []).Skip(1).Select(m => MethodCatalog.Find(m.Id));

    /// <summary>What the report does not say, and what was taken for it, in sentences.</summary>
    public static IEnumerable<string> NotHeld(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Comparison is { Methods.Count: > 1 } && HoldsNoPasses(report))
            yield return "The report does not say with which timesteps and draws the methods beside its own were run, "
                + "so they are not run again.";
    }

    private static bool HoldsNoPasses(AuditReport report) => report.Method.Timesteps.Count == 0;

    // A default that was written out would be forced on the methods beside it too.
    private static IDampingRule? Damping(MethodInfo settings, IAttributionMethod method)
    {
        var description = method.Description;
        var isUsual = settings.Damping == description.Damping?.ToString();
        return isUsual || settings.Damping == None || description.OwnDamping is not null
            ? null
            : DampingRules.Parse(settings.Damping);
    }

    private static int? Background(AuditReport report)
    {
        var held = report.Method.Background ?? 0;
        return held > 0 && held == report.Dataset.Count - report.Candidates.Count ? null : held;
    }

    private static GradientOptions Gradients(MethodInfo settings, IAttributionMethod method, AdamMetric? metric)
    {
        var usual = new GradientOptions();
        var part = method.Needs.Features.Select(need => need.Parameters).FirstOrDefault();
        return usual with
        {
            Timesteps = settings.Timesteps.Count > 0 ? settings.Timesteps.Count : usual.Timesteps,
            Replicates = settings.Replicates > 0 ? settings.Replicates : usual.Replicates,
            Seed = settings.Seed,
            Projection = ScoreInfo.Of(settings).Projects
                ? ProjectionOptions.Parse(settings.Projection)
                : usual.Projection,
            Parameters = settings.Parameters == part ? null : settings.Parameters,
            Metric = metric,
            Precision = settings.Precision is { } precision ? GradientPrecisions.Parse(precision) : usual.Precision,
        };
    }

    // Words of evidence are about the first 20 where all pictures are listed.
    private static int? Top(AuditReport report)
    {
        var listed = report.Attributions.Count;
        if (report.Evidence is not { } evidence)
            return listed;
        return listed == report.Candidates.Count && listed > evidence.Top ? null : evidence.Top;
    }

    private static RegionChoice? Region(Reports.RegionInfo? region, string? mask)
    {
        if (region is null)
            return null;
        return RegionChoice.Parse(
            mask
                ?? region.Mask
                ?? string.Create(CultureInfo.InvariantCulture, $"{region.X},{region.Y},{region.Width},{region.Height}")
        );
    }
}
