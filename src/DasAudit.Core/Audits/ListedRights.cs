using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Datasets.Signals;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Reads what is said on the use of the pictures that a report lists.</summary>
internal sealed class ListedRights(PicturePool pool)
{
    private readonly Lazy<DatasetStatements> _statements = new(() => new(pool.Members));

    /// <summary>What is said of them; null for nothing.</summary>
    /// <param name="listed">The pictures by rank, from 1.</param>
    /// <param name="now">The time at which they are read.</param>
    public RightsInfo? Of(IEnumerable<TrainingItem> listed, DateTimeOffset now)
    {
        var pictures = new List<PictureRights>();
        var unread = new List<UnreadRights>();
        foreach (var (i, item) in listed.Index())
        {
            if (!pool.IsMember(item))
                continue;
            var statements = _statements.Value.Of(item, now);
            if (statements.Signals.Count > 0)
                pictures.Add(Describe(i + 1, item, statements));
            unread.AddRange(statements.Problems.Select(problem => new UnreadRights(item.Path, problem)));
        }

        unread.AddRange(_statements.Value.Folders.Problems.Select(file => new UnreadRights(file.Path, file.Reason)));
        if (pictures.Count + unread.Count == 0)
            return null;
        return new([.. pictures.OrderBy(picture => picture.Stance).ThenBy(picture => picture.Rank)])
        {
            Unread = unread.Count > 0 ? unread : null,
        };
    }

    private static PictureRights Describe(int rank, TrainingItem item, ItemStatements statements) =>
        new(rank, item.Path, statements.Signals[0].Stance, statements.Signals)
        {
            LicenseAsks = item.Rights.License is { } license ? LicenseTable.Words(license) : null,
        };
}
