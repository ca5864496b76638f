using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Tests.Exports;

namespace DasAudit.Evidence.Tests.Document;

public class SharesTests
{
    [Fact]
    public void Ten_groups_are_all_listed()
    {
        var lines = Shares.Of(WithGroups(10).Report)!.Lines;
        Assert.Equal(10, lines.Count);
        Assert.All(lines, line => Assert.True(line.IsGroup));
    }

    [Theory]
    [InlineData(11, "1 other", 0.25, 4)]
    [InlineData(14, "4 others together", 1, 16)]
    [InlineData(1210, "1\u202F200 others together", 300, 4800)]
    public void More_groups_share_a_line(int groups, string name, double share, int items)
    {
        var lines = Shares.Of(WithGroups(groups).Report)!.Lines;
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => $"holder {i}"),
            lines.SkipLast(1).Select(line => line.Key.Text)
        );
        var rest = lines[^1];
        Assert.False(rest.IsGroup);
        Assert.Equal(
            (name, share, items, null, null),
            (rest.Key.Text, rest.Group.Share, rest.Group.Items, rest.Interval, rest.EvenShare)
        );
    }

    [Fact]
    public void Markdown_ends_the_table_with_the_rest()
    {
        var text = Expected.Text(new MarkdownExporter(), WithGroups(40));
        Assert.Contains("| holder 10 | 25\u00A0% | – | 4 |\n| 30 others together |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("holder 11", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_keeps_all_groups() =>
        Assert.Contains("holder 40", Expected.Text(new JsonExporter(), WithGroups(40)), StringComparison.Ordinal);

    private static StoredReport WithGroups(int count)
    {
        var sample = SampleReport.Create();
        var groups = Enumerable.Range(1, count).Select(i => new GroupShare($"holder {i}", 0.25, null, null, 4));
        return sample with { Report = sample.Report with { Groups = [.. groups] } };
    }
}
