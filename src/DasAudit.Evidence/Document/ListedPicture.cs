using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Document;

/// <summary>A listed training picture in words.</summary>
internal sealed class ListedPicture(AuditReport report, AttributedPicture picture)
{
    private const int HashDigits = 16;

    internal AttributedPicture Source => picture;

    internal Content Rank { get; } = Content.Figure($"{picture.Rank}");

    internal Content Name { get; } =
        Content.Foreign(string.IsNullOrWhiteSpace(picture.Title) ? picture.Item : picture.Title);

    /// <summary>The beginning of the file's hash.</summary>
    internal string Hash { get; } = $"SHA-256 {picture.Sha256[..Math.Min(HashDigits, picture.Sha256.Length)]}…";

    internal Content Score { get; } = Content.Figure(Figures.Score(picture.Score, picture.StandardError));

    /// <summary>The score beside the highest: "50 % of the first"; null where none is above 0.</summary>
    internal string? ScoreOfFirst =>
        report.Attributions.Max(listed => listed.Score) is > 0 and var highest
            ? $"{Figures.Percent(picture.Score / highest)} of the first"
            : null;

    internal Content Strength { get; } = picture.Strength is { } word ? Content.Words(word.Name()) : Content.None;

    /// <summary>"p = 0.01, q = 0.04"; empty where there was no test.</summary>
    internal string Probabilities { get; } = Words.Probabilities(picture.PValue, picture.QValue);

    internal Content Sign { get; } =
        picture.Direction switch
        {
            < 0 => new("▼", ContentKind.Figure, Tone.Against),
            0 => Content.None,
            _ => new("▲", ContentKind.Figure, Tone.For),
        };

    /// <summary>The direction in words; null where the method does not tell.</summary>
    internal string? Direction { get; } =
        !HasDirection(report) ? null
        : picture.Direction < 0 ? "works against it"
        : picture.Direction == 0 ? "neither"
        : "helps make it";

    /// <summary>Similarity to the audited picture.</summary>
    internal Content Similarity { get; } =
        picture.Similarity is { } cosine ? Content.Figure(Figures.Cosine(cosine)) : Content.None;

    /// <summary>Why it was a candidate.</summary>
    internal Content Tiers { get; } =
        Content.Foreign(
            picture.Tiers.Count == 0 ? "not recorded" : string.Join(", ", picture.Tiers.Select(Words.Tier))
        );

    /// <summary>Its group; null where the report groups by something that pictures do not carry.</summary>
    internal string? Group =>
        report.GroupedBy switch
        {
            "rights-holder" => picture.RightsHolder ?? GroupKey.NotStated,
            "license" => picture.License ?? GroupKey.NotStated,
            "author" => picture.Author ?? GroupKey.NotStated,
            _ => null,
        };

    /// <summary>Whose it is, and how it may be used; the author only where stated or grouped by.</summary>
    internal IEnumerable<RightsStatement> Rights
    {
        get
        {
            yield return Right("rights-holder", picture.RightsHolder, "rights holder not stated");
            yield return Right("license", picture.License, "licence not stated");
            if (picture.Author is { Length: > 0 } || report.GroupedBy == "author")
                yield return Right("author", picture.Author, "author not stated", "by ");
        }
    }

    /// <summary>Whether the report tells pictures that help from those that hinder.</summary>
    internal static bool HasDirection(AuditReport report) =>
        ScoreInfo.Of(report.Method).Direction != ScoreDirection.None;

    private RightsStatement Right(string key, string? value, string otherwise, string before = "") =>
        value is { Length: > 0 }
            ? new(key == report.GroupedBy, before, Content.Foreign(value))
            : new(key == report.GroupedBy, "", new(otherwise, ContentKind.Words, Tone.Muted));
}

/// <summary>A statement of rights, muted where there is none; <c>IsGroup</c> if the report groups by it.</summary>
internal sealed record RightsStatement(bool IsGroup, string Before, Content Statement);
