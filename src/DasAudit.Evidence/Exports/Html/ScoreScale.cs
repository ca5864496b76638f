using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Draws scores so that the longest error bar ends at the right edge.</summary>
internal sealed class ScoreScale
{
    private readonly double _full;

    internal ScoreScale(AuditReport report)
    {
        Top = report.Attributions.Select(a => a.Score).DefaultIfEmpty().Max();
        _full = report.Attributions.Select(a => a.Score + (a.StandardError ?? 0)).DefaultIfEmpty().Max();
    }

    /// <summary>The highest score.</summary>
    internal double Top { get; }

    /// <summary>The score as a bar with its standard error.</summary>
    internal void WriteBar(HtmlWriter html, AttributedPicture attribution, string color)
    {
        if (attribution.StandardError is { } error)
            Bar.Write(
                html,
                color,
                Part(attribution.Score),
                Part(attribution.Score - error),
                Part(attribution.Score + error)
            );
        else
            Bar.Write(html, color, Part(attribution.Score));
    }

    private double Part(double score) => _full > 0 ? score / _full : 0;
}
