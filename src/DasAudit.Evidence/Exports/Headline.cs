using DasAudit.Core.Audits;

namespace DasAudit.Evidence.Exports;

/// <summary>What the report comes to, in plain words and no stronger than its intervals allow.</summary>
/// <param name="Claim">Without a full stop.</param>
/// <param name="Figures">What the claim rests on; empty where there is nothing.</param>
internal sealed record Headline(string Claim, string Figures)
{
    internal static Headline Of(AuditReport report)
    {
        if (report.Attributions.Count == 0) return new("No training picture was scored", "");
        if (report.Groups is not [{ Share: > 0 } first, ..]) return new("No training picture that was scored left a mark on this picture", "");

        var pictures = Words.PicturesOf(report, first.Key);
        var share = Words.Share(first, " of the measured influence");
        if (first.Share > 0.5 && (first.Low ?? 1) > 0.5) return new($"This picture is owed mostly to {pictures}", share);
        if (report.Groups is not [_, var second, ..] || first.Low is null) return new($"The largest part of this picture is owed to {pictures}", share);

        var figures = $"{first.Key} {Words.Share(first)}; {second.Key} {Words.Share(second)}";
        return first.Low > second.High
            ? new($"This picture is owed more to {pictures} than to those of any other {Words.GroupedBy(report)}", figures)
            : new($"No single {Words.GroupedBy(report)} stands out", figures);
    }
}
