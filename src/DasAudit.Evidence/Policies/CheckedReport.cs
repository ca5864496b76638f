using System.Globalization;

namespace DasAudit.Evidence.Policies;

/// <summary>Where a report comes from.</summary>
internal enum ReportCustody
{
    /// <summary>A store, whose chain of records it agrees with.</summary>
    Stored,

    /// <summary>A bundle.</summary>
    Bundle,

    /// <summary>A plain file.</summary>
    File,
}

/// <summary>A report that a policy is asked about.</summary>
internal sealed record CheckedReport
{
    /// <summary>The report.</summary>
    internal required ReportFacts Report { get; init; }

    /// <summary>What messages call it: <c>report 01J9…</c>, or a file.</summary>
    internal required string Name { get; init; }

    internal required ReportCustody Custody { get; init; }

    /// <summary>Why it cannot be believed, as a part of a sentence; null where nothing speaks against it.</summary>
    internal string? Problem { get; init; }

    /// <summary>The file of the picture that it is about, as named now; null for what the report states.</summary>
    internal string? PictureFile { get; init; }

    /// <summary>The report's model as it is now; null where nobody asked.</summary>
    internal CheckedModel? Model { get; init; }

    /// <summary>What a finding on the report as a whole is about.</summary>
    internal FindingSubject Subject =>
        new()
        {
            File = PictureFile ?? Report.Query.Path,
            Report = Report.Id,
            PictureSha256 = Report.Query.Sha256,
            PixelSha256 = Report.Query.PixelSha256,
        };

    /// <summary>What a finding on one attribution is about.</summary>
    internal FindingSubject SubjectOf(AttributionFacts picture) =>
        Subject with
        {
            Item = picture.Item,
            ItemSha256 = picture.Sha256,
            ItemPixelSha256 = picture.PixelSha256,
            Holder = picture.RightsHolder,
        };

    /// <summary>An attribution in words: <c>faces/1.png (rank 1, score 0.0123, by Ann)</c>.</summary>
    internal static string Words(AttributionFacts picture)
    {
        var by = picture.RightsHolder is { } holder ? $", by {holder}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"'{picture.Item}' (rank {picture.Rank}, score {picture.Score:g3}{by})"
        );
    }
}

/// <summary>A model that a policy is asked about, or that a report names.</summary>
/// <param name="Path">As given, or as the report states it.</param>
/// <param name="WeightsSha256">As it is now; null where it cannot be read.</param>
internal sealed record CheckedModel(string Path, string? WeightsSha256)
{
    /// <summary>Why it cannot be read, a whole sentence; null where it can.</summary>
    internal string? Problem { get; init; }

    /// <summary>Commands of the stored evaluations of these weights; null where nobody asked.</summary>
    internal IReadOnlyCollection<string>? Evaluations { get; init; }
}
