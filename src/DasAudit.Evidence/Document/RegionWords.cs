namespace DasAudit.Evidence.Document;

/// <summary>The part of the picture that was asked about, in words.</summary>
internal static class RegionWords
{
    /// <summary>What scores are for, within a sentence: "this picture", or "this part of the picture".</summary>
    internal static string Asked(AuditReport report) =>
        report.Query.Region is null ? "this picture" : "this part of the picture";

    /// <summary>A picture in a title: its name, or "a part of" it.</summary>
    internal static string Titled(QueryInfo query, string name) => query.Region is null ? name : $"a part of {name}";

    /// <summary>Where it lies: "64 × 32 pixels at 40, 0 (3 % of the picture)".</summary>
    internal static string Place(RegionInfo region)
    {
        var place =
            $"{region.Width} × {region.Height} pixels at {region.X}, {region.Y} "
            + $"({Figures.Percent(region.Share)} of the picture)";
        return region.Mask is null ? place : $"what a mask marks within {place}";
    }
}
