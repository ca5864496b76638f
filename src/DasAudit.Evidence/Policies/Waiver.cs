using System.Globalization;

namespace DasAudit.Evidence.Policies;

/// <summary>Somebody's word that findings of a rule are accepted until a day.</summary>
internal sealed record Waiver
{
    internal required RuleDescription Rule { get; init; }

    /// <summary>Why.</summary>
    internal required string Reason { get; init; }

    /// <summary>Who answers for it.</summary>
    internal required string By { get; init; }

    /// <summary>The last day on which it holds, in UTC.</summary>
    internal required DateOnly Until { get; init; }

    /// <summary>A generated picture: a pattern of its path, or the beginning of a hash; null for any.</summary>
    internal FileSelector? Picture { get; init; }

    /// <summary>A training picture, likewise.</summary>
    internal FileSelector? Item { get; init; }

    /// <summary>A rights holder; null for any.</summary>
    internal string? Holder { get; init; }

    /// <summary>A report's id, or its beginning; null for any.</summary>
    internal string? Report { get; init; }

    /// <summary>Where it stands in the policy's file.</summary>
    internal required FilePosition Position { get; init; }

    internal string UntilText => Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>For those who see that a finding is waived: <c>Ann until 2027-01-31: licensed by mail</c>.</summary>
    internal string Words => $"{By} until {UntilText}: {Reason}";

    internal bool HasExpired(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) > Until;

    /// <summary>Whether a finding is one of those that it is about.</summary>
    internal bool Covers(PolicyFinding finding)
    {
        var subject = finding.Subject;
        return finding.Rule == Rule
            && (Picture is null || Picture.Selects(subject.File, subject.PictureSha256, subject.PixelSha256))
            && (Item is null || Item.Selects(subject.Item, subject.ItemSha256, subject.ItemPixelSha256))
            && (Holder is null || Holder.Equals(subject.Holder, StringComparison.OrdinalIgnoreCase))
            && (Report is null || subject.Report?.StartsWith(Report, StringComparison.OrdinalIgnoreCase) == true);
    }
}
