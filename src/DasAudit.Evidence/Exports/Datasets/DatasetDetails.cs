namespace DasAudit.Evidence.Exports.Datasets;

/// <summary>What whoever exports a dataset says of it, since its files do not; null where nothing is said.</summary>
/// <param name="Address">Its page.</param>
/// <param name="Creator">Who made it.</param>
/// <param name="Published">When it was published.</param>
internal sealed record DatasetDetails(Uri? Address, string? Creator, DateOnly? Published)
{
    /// <summary>Nothing.</summary>
    internal static DatasetDetails None { get; } = new(null, null, null);
}
