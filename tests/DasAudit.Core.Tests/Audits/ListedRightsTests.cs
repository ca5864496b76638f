using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures.Statements;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>What a report says of the use of the pictures that it lists.</summary>
public sealed class ListedRightsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public ListedRightsTests()
    {
        _folder.WritePictures("set", 0, 3);
        _folder.Write("set/metadata.csv", "file_name,rights_holder,license\np0.png,Ann,CC-BY-NC-4.0\np1.png,Bob,\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_nothing_is_said_the_report_has_nothing()
    {
        Assert.Null(Of(0, 1, 2));
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        var report = new TestAudit(_folder).Report();
        Assert.Null(report.Rights);
        Assert.DoesNotContain("rights\":", ReportJson.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Opt_outs_come_first_whatever_their_rank()
    {
        Mark("p1.png", "<plus:DataMining>DMI-PROHIBITED</plus:DataMining>");
        Mark("p0.png", MarkedPictures.Localized("plus:OtherConstraints", "Ask."));
        Mark("p2.png", "<plus:DataMining>DMI-ALLOWED</plus:DataMining>");
        var rights = Of(2, 0, 1)!;
        Assert.Equal(
            [
                (3, "p1.png", SignalStance.OptOut),
                (2, "p0.png", SignalStance.Conditions),
                (1, "p2.png", SignalStance.Allowed),
            ],
            rights.Pictures.Select(picture => (picture.Rank, picture.Item, picture.Stance))
        );
        Assert.Equal(
            [null, "attribution required, non-commercial", null],
            rights.Pictures.Select(picture => picture.LicenseAsks)
        );
        Assert.All(rights.Pictures, picture => Assert.Equal(Now, picture.Signals[0].ReadUtc));
        Assert.Null(rights.Unread);
    }

    [Fact]
    public void What_could_not_be_read_is_named()
    {
        _folder.Write("set/tdmrep.json", "{");
        File.WriteAllBytes(
            _folder["set/p0.png"],
            MarkedPictures.Png(7, MarkedPictures.Chunk("caBX", [0, 0, 0, 3, 0, 0, 0, 0]))
        );
        var rights = Of(0)!;
        Assert.Empty(rights.Pictures);
        Assert.Equal(["p0.png", "tdmrep.json"], rights.Unread!.Select(file => file.Item));
    }

    [Fact]
    public void Decoys_are_not_looked_at()
    {
        Mark("p0.png", "<plus:DataMining>DMI-PROHIBITED</plus:DataMining>");
        var pool = PicturePool.Of(Sets.Of(Sets.Dot(4, 0, 0)), Load(), "'unseen'");
        Assert.Null(new ListedRights(pool).Of(pool.Items, Now));
    }

    [Fact]
    public void A_report_has_them_and_reads_back_the_same()
    {
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        _folder.Write("set/robots.txt", "Content-Usage: /p1 train-ai=n\n");
        var report = new TestAudit(_folder).Report();
        var picture = Assert.Single(report.Rights!.Pictures);
        Assert.Equal(("p1.png", "robots.txt, line 1"), (picture.Item, Assert.Single(picture.Signals).Place));
        var json = ReportJson.Serialize(report);
        Assert.Contains("\"stance\": \"opt-out\"", json, StringComparison.Ordinal);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    private void Mark(string name, string properties) =>
        File.WriteAllBytes(_folder[$"set/{name}"], MarkedPictures.Png(name[1], MarkedPictures.XmpChunk(properties)));

    private RightsInfo? Of(params int[] indices)
    {
        var set = Load();
        return new ListedRights(PicturePool.Of(set)).Of(indices.Select(i => set.Items[i]), Now);
    }

    private TrainingSet Load() =>
        TrainingSetLoader.Load(_folder["set"], new(), null, TestContext.Current.CancellationToken);
}
