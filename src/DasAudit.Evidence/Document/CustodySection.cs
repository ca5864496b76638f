using System.Text;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Document;

/// <summary>Who made the report, when and with what, and how anybody can check it.</summary>
internal static class CustodySection
{
    internal static Section Of(AuditReport report) => new("Custody", new Facts([.. Facts(report)]));

    internal static Section Verification(AuditReport report) =>
        new("How to verify this report", new Bullets([.. Steps(report).Select(Content.Words)]));

    private static IEnumerable<Fact> Facts(AuditReport report)
    {
        yield return new("Report", Content.Code(report.Id));
        yield return new("Made", Content.Words($"{Figures.Moment(report.CreatedUtc)}, by the clock of that machine"));
        yield return report.Auditor is { } auditor
            ? new("Made by", Content.Foreign($"{auditor}, as they said"))
            : new("Made by", Content.Words("not stated"));
        yield return new("Made with", Content.Foreign($"das-audit {report.Tool.Version}"));
        yield return new("Commit of the program", Content.Code(report.Tool.Commit));
        yield return new("SHA-256 of the report", Content.Code(Hash(report)));
        yield return new("Listed here", Content.Words(Shown(report)));
    }

    private static IEnumerable<string> Steps(AuditReport report)
    {
        var id = VisibleText.Of(report.Id);
        yield return "This page alone proves nothing: whoever has it can change it. Ask for the bundle, one file that "
            + "holds the report, the scores, the pictures and the signatures.";
        yield return $"“das-audit reports verify {id}.dasaudit.zip --key PUBLIC-KEY” says whether the bundle is "
            + "what was signed, by which key and when. Get the public key from its owner, not with the bundle.";
        yield return $"“das-audit reports verify {id}” says the same of the report in the store where it was made. "
            + "It prints the SHA-256 that stands here.";
        yield return $"“das-audit replay {id}” runs the audit again. It says first whether the picture, the model "
            + "and the dataset are still those whose SHA-256 stand below.";
    }

    private static string Shown(AuditReport report)
    {
        var listed = Figures.Count(report.Attributions.Count, "picture");
        var scored = Figures.Count(report.Candidates.Count);
        return $"{listed} of the {scored} that were scored";
    }

    private static string Hash(AuditReport report) =>
        CanonicalJson.Sha256(Encoding.UTF8.GetBytes(ReportJson.Serialize(report)));
}
