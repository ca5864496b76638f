using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Audits of a model that knows the classes 0 and 1, against five pictures of both.</summary>
public sealed class ClassAuditTests : IDisposable
{
    private const string Labels = "file_name,label\np0.png,0\np1.png,1\np2.png,0\np3.png,1\np4.png,1\n";

    private const string Gradients = "computing gradients";

    private readonly TempFolder _folder = new();

    public ClassAuditTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.Write("set/metadata.csv", Labels);
        _folder.WritePictures("others", 60, 9);
        _folder.Write("a.png", TestPictures.Png(20, 8, 8));
        _folder.Write("b.png", TestPictures.Png(21, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_picture_is_looked_at_under_its_class()
    {
        var reports = (Audit(0, 1) with { Images = ["a.png", "b.png"] }).Reports();

        Assert.Equal([0, 1], reports.Select(report => report.Method.QueryClass));
        Assert.Equal(Scores(Alone("a.png", 0)), Scores(reports[0]));
        Assert.Equal(Scores(Alone("b.png", 1)), Scores(reports[1]));
        Assert.NotEqual(Scores(Alone("b.png", 0)), Scores(reports[1]));
    }

    [Fact]
    public void One_class_is_that_of_all_pictures()
    {
        var reports = (Audit(1) with { Images = ["a.png", "b.png"] }).Reports();

        Assert.Equal([1, 1], reports.Select(report => report.Method.QueryClass));
        Assert.Equal(Scores(Alone("a.png", 1)), Scores(reports[0]));
    }

    [Fact]
    public void Null_queries_without_a_class_are_of_the_audited_picture_s()
    {
        var assumed = PValues();
        Assert.Equal(assumed, PValues(1));
        Assert.NotEqual(assumed, PValues(0));

        List<double> PValues(int? label = null)
        {
            var rows = Enumerable.Range(60, 9).Select(p => $"p{p}.png,{label}\n");
            _folder.Write("others/metadata.csv", "file_name,label\n" + string.Concat(rows));
            var report = (Audit(1) with { NullQueries = "others" }).Report();
            return [.. report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.PValue!.Value)];
        }
    }

    [Fact]
    public void A_copy_under_another_class_has_a_report_of_its_own()
    {
        _folder.Write("copy.png", TestPictures.Png(20, 8, 8));
        var request = (Audit(0, 1) with { Images = ["a.png", "copy.png"] }).Request() with { Earlier = _ => [] };

        var run = new AuditPipeline(TimeProvider.System, null).Run(request, TestContext.Current.CancellationToken);

        Assert.Equal([0, 1], run.Reports.Select(stored => stored.Report.Method.QueryClass));
    }

    [Fact]
    public void What_an_audit_refuses_is_not_planned()
    {
        Assert.StartsWith("Nothing says of which class 'a.png' is", Refusal(Audit()));
        var second = Audit(0, 7) with { Images = ["a.png", "b.png"] };
        Assert.StartsWith("'b.png' cannot be looked at under its class.", Refusal(second));

        static string Refusal(TestAudit audit) => Assert.Throws<AuditException>(() => audit.Plan()).Message;
    }

    [Fact]
    public void Null_queries_without_a_class_are_refused_where_the_audited_pictures_have_several() =>
        Assert.StartsWith(
            $"Nothing says of which class '{Path.Combine("others", "p60.png")}' is, which the model needs to know; "
                + "state its label",
            (Audit(0, 1) with { Images = ["a.png", "b.png"], NullQueries = "others" }).Refusal()
        );

    [Fact]
    public void A_picture_without_a_class_or_of_an_unknown_one_is_refused_before_any_gradient()
    {
        Assert.StartsWith("Nothing says of which class 'a.png' is", Refusal(Audit()));
        Assert.Equal("'a.png' cannot be looked at under its class. There is no class 7.", Refusal(Audit(7)));
        _folder.Write("set/metadata.csv", Labels.Replace("p4.png,1", "p4.png,7", StringComparison.Ordinal));
        Assert.Equal("'p4.png' cannot be looked at under its class. There is no class 7.", Refusal(Audit(1)));

        var stages = new StageRecorder();
        _folder.Write("set/metadata.csv", Labels);
        Audit(1).Run(stages);
        Assert.True(stages.HasHeard(Gradients));

        static string Refusal(TestAudit audit)
        {
            var stages = new StageRecorder();
            var error = Assert.Throws<AuditException>(() => audit.Run(stages));
            Assert.False(stages.HasHeard(Gradients));
            return error.Message;
        }
    }

    [Fact]
    public void A_class_is_refused_for_a_model_that_knows_none() =>
        Assert.StartsWith(
            "The model 'model' knows no classes, so there is nothing that a class could change; leave out {class}.",
            (Audit(1) with { Adapter = new TinyAdapter() }).Refusal()
        );

    private TestAudit Audit(params int[] classes) =>
        TestAudit.Of(_folder, "das") with
        {
            Images = ["a.png"],
            Adapter = new TinyAdapter(_ => new ClassUnet(new TinyUnet(3))),
            Classes = classes,
        };

    private AuditReport Alone(string picture, int label) => (Audit(label) with { Images = [picture] }).Report();

    private static IEnumerable<(string, double)> Scores(AuditReport report) =>
        report.Attributions.Select(attribution => (attribution.Item, attribution.Score));
}
