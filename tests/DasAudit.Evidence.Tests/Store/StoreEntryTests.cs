using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public class StoreEntryTests
{
    private static readonly AuditReport Report = SampleReport.Create().Report;

    [Fact]
    public void An_entry_comes_back_as_it_was_and_an_altered_one_does_not()
    {
        var entry = StoreEntry.From(Report, "abc", new Dictionary<string, string> { ["a"] = "b" });

        var back = StoreEntry.FromBson(entry.ToBson());
        Assert.Equal(entry.RightsHolders, back.RightsHolders);
        Assert.Equal(entry.Groups, back.Groups);
        Assert.Equal(entry.Thumbnails, back.Thumbnails);
        Assert.Equal((entry.Id, entry.CreatedMs, entry.DocumentSha256), (back.Id, back.CreatedMs, back.DocumentSha256));

        var altered = entry.ToBson();
        altered["entry"].AsBinary[20] ^= 1;
        Assert.Throws<InvalidDataException>(() => StoreEntry.FromBson(altered));

        var swapped = entry.ToBson();
        swapped["_id"] = SampleReport.Id(7);
        Assert.Throws<InvalidDataException>(() => StoreEntry.FromBson(swapped));
    }
}
