namespace DasAudit.Core.Reports;

/// <summary>A file that may speak of rights and could not be read.</summary>
/// <param name="Item">Path within the dataset.</param>
/// <param name="Reason">One sentence.</param>
public sealed record UnreadRights(string Item, string Reason);
