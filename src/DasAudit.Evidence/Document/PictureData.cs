using System.Globalization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Document;

/// <summary>The listed pictures as rows; each repeats what it depends on, so that reports can be joined.</summary>
internal static class PictureData
{
    /// <summary>The columns: their names, and their values, null where nothing is stated.</summary>
    internal static IReadOnlyList<(string Name, Func<AuditReport, AttributedPicture, object?> Value)> Columns { get; } =
    [
        ("report", (report, _) => report.Id),
        ("created_utc", (report, _) => Moment(report.CreatedUtc)),
        ("query", (report, _) => report.Query.Path),
        ("query_sha256", (report, _) => report.Query.Sha256),
        ("model", (report, _) => report.Model.Path),
        ("weights_sha256", (report, _) => report.Model.WeightsSha256),
        ("dataset_root", (report, _) => report.Dataset.Root),
        ("method", (report, _) => report.Method.Id),
        ("rank", (_, picture) => picture.Rank),
        ("item", (_, picture) => picture.Item),
        ("sha256", (_, picture) => picture.Sha256),
        ("score", (_, picture) => picture.Score),
        ("standard_error", (_, picture) => picture.StandardError),
        ("direction", (_, picture) => picture.Direction),
        ("similarity", (_, picture) => picture.Similarity),
        ("tiers", (_, picture) => string.Join(';', picture.Tiers)),
        ("title", (_, picture) => picture.Title),
        ("license", (_, picture) => picture.License),
        ("rights_holder", (_, picture) => picture.RightsHolder),
        ("author", (_, picture) => picture.Author),
        ("source", (_, picture) => picture.Source),
        ("strength", (_, picture) => picture.Strength?.Name()),
        ("p_value", (_, picture) => picture.PValue),
        ("q_value", (_, picture) => picture.QValue),
        ("top_probability", (_, picture) => picture.TopProbability),
    ];

    /// <summary>Whether a column holds numbers; all others hold text.</summary>
    internal static bool IsNumber(string column) =>
        column
            is "rank"
                or "score"
                or "standard_error"
                or "direction"
                or "similarity"
                or "p_value"
                or "q_value"
                or "top_probability";

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
