using DasAudit.Core.Reports;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>A report with everything in it that can be shown.</summary>
internal static class ShownReport
{
    private const string OtherHolder = "Twitter, Inc. and other contributors";

    public static AuditReport Make(
        string id = "01J9ZQ3V5T8R2N4M6K7H1G0F9E",
        string query = "generated/smile-07.png",
        string holder = "Google LLC",
        double share = 0.62
    ) =>
        SampleReport.Create().Report with
        {
            Id = id,
            Query = new(query, Hash('a'), Hash('b'), 32, 32),
            Model = new("diffusers", "0.1.0", Hash('c'), "das-audit-demo/model", Hash('d'), 1234567, 1234000),
            Dataset = new("das-audit-demo/dataset", Hash('e'), 330, 2),
            Encoder = new("vision_model.onnx", Hash('f')),
            Method = SampleReport.Create().Report.Method with
            {
                Residual = "rms",
                CandidateLimit = null,
                IncludedOwners = [],
            },
            Candidates = new(120, [new("exact", 0), new("near", 3), new("semantic", 100), new("control", 20)]),
            Attributions =
            [
                Item(1, "noto/1f600.png", "grinning face", 0.8123, 0.0341, 1, holder, "Apache-2.0"),
                Item(2, "twemoji/1f600.png", null, 0.0512, 0.0102, 1, OtherHolder, "CC-BY-4.0"),
                Item(3, "openmoji/1F603.png", "a title\u001b[31m that \u202etricks", 0.00012, 0.00004, -1, null, null),
            ],
            Groups =
            [
                new(holder, share, share - 0.07, share + 0.07, 40),
                new(OtherHolder, 0.9 - share, 0.2, 0.36, 40),
                new("(not stated)", 0.1, null, null, 1),
            ],
            Timings = new Dictionary<string, double> { ["candidates"] = 1.5, ["gradients"] = 62.25 },
            Limits = ["Two files were left out.", "Only 120 of 330 pictures were scored."],
        };

    private static string Hash(char digit) => new(digit, 64);

    private static AttributedPicture Item(
        int rank,
        string item,
        string? title,
        double score,
        double error,
        int direction,
        string? holder,
        string? license
    ) =>
        new()
        {
            Rank = rank,
            Item = item,
            Sha256 = Hash((char)('0' + rank)),
            Title = title,
            Score = score,
            StandardError = error,
            Direction = direction,
            RightsHolder = holder,
            License = license,
        };
}
