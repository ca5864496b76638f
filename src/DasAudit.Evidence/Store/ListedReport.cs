using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>A report of a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Report">The report with the audited picture alone; null if it is damaged.</param>
/// <param name="Damage">What is wrong, as a part of a sentence; null if nothing is.</param>
internal sealed record ListedReport(string Id, StoredReport? Report, string? Damage)
{
    internal static ListedReport Read(LiteDatabase database, string id)
    {
        try
        {
            var entry = StoreContents.Entry(database, id);
            var report = StoreContents.Load(database, entry);
            var pictures = entry
                .Thumbnails.Where(thumbnail => thumbnail.Key == report.Query.ShownThumbnail)
                .ToDictionary(
                    thumbnail => thumbnail.Key,
                    thumbnail => StoreContents.LoadThumbnail(database, thumbnail.Value)
                );
            return new(id, new(report, pictures), null);
        }
        catch (InvalidDataException e)
        {
            return new(id, null, e.Message);
        }
    }
}
