using System.Globalization;

namespace DasAudit.Core.Reports;

/// <summary>The table of all scores: a row for each query, method and picture.</summary>
internal static class ScoreColumns
{
    /// <summary>Columns of text; those of numbers follow.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    ["query", "query_pixel_sha256", "picture", "pixel_sha256", "rights_holder", "set", "method"];

    /// <summary>Columns of numbers: score, its standard error, and the score of each replicate.</summary>
    public static IReadOnlyList<string> Numbers(int replicates) =>
        ["score", "standard_error", .. Enumerable.Range(1, replicates).Select(ReplicateName)];

    /// <summary>A row's texts; null where nothing is stated.</summary>
    public static IReadOnlyList<string?> TextsOf(AuditScores scores, ScoresByMethod method, int picture)
    {
        var scored = scores.Pictures[picture];
        return
        [
            scores.Query,
            scores.QueryPixelSha256,
            scored.Item,
            scored.PixelSha256,
            scored.RightsHolder,
            scored.IsDecoy ? "decoys" : "dataset",
            method.Method,
        ];
    }

    /// <summary>A row's numbers; null where there are none.</summary>
    public static IReadOnlyList<double?> NumbersOf(ScoresByMethod method, int picture, int replicates) =>
        [
            method.Mean[picture],
            method.StandardErrors?[picture],
            .. Enumerable
                .Range(0, replicates)
                .Select(r => r < method.ByReplicate.Count ? method.ByReplicate[r][picture] : (double?)null),
        ];

    private static string ReplicateName(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"replicate_{number}");
}
