using DasAudit.Core.Reports;

namespace DasAudit.Testing;

/// <summary>Evaluations with invented figures.</summary>
internal static class SampleEvaluation
{
    public static StoredEvaluation Create(string id, string name = "lds") =>
        new()
        {
            Id = id,
            CreatedUtc = SampleReport.Created,
            Tool = new("1.2.3", "0123abcd"),
            Evaluation = name,
            Setting = "32 parts",
            ModelPath = "models/faces",
            ModelSha256 = "model",
            DatasetRoot = "root",
            Findings = [new("das", "das follows what happens with a rank correlation of 0.50 (0.40 … 0.60).")],
            Result = "{}",
        };
}
