using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Audits;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Audits;

/// <summary>What is refused when the audit is asked for, before a picture is read or a model is loaded.</summary>
public sealed class AuditRefusalsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AuditRefusalsTests()
    {
        _folder.WritePictures("set", 0, 3);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_dataset_or_other_folder()
    {
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { Dataset = "nowhere" });
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { Decoys = "nowhere" });
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { NullQueries = "nowhere" });
        Refuses("There is no folder 'nowhere'", Audit("datamodel") with { Retrained = ["nowhere"] });
        Refuses("needs models retrained on parts", Audit("datamodel"));
    }

    [Fact]
    public void A_method_without_what_it_needs()
    {
        Refuses("give an image encoder with {encoder}", Audit("das", "clip"));
        Refuses("journey-trak needs the sampling trajectory", Audit("journey-trak"));
        Refuses("gcv needs a method", Audit("das") with { Method = new() { Damping = new CrossValidation() } });
        var oneDraw = Audit("das") with { Gradients = TestAudit.Passes(2, 1, 64) };
        Refuses("recall compares noise draws", oneDraw with { Method = new() { Damping = new Recall() } });
    }

    [Fact]
    public void Settings_that_allow_no_audit()
    {
        Refuses("0 candidates cannot be chosen", Audit("das") with { Candidates = new() { Limit = 0 } });
        var wrong = TestAudit.Passes(2, 2, 64) with { Parameters = "(" };
        Refuses("is no regular expression", Audit("das") with { Gradients = wrong });
        var both = Audit("das") with
        {
            Decoys = "split:test",
            DatasetOptions = new() { Split = "test" },
        };
        Refuses("cannot be both the training pictures and the decoys", both);
    }

    [Fact]
    public void Buckets_where_pictures_must_have_one_shape()
    {
        var buckets = Audit("das", "pixel-dot") with { DatasetOptions = new() { Resize = ResizeMode.Bucket } };
        Refuses("pixel-dot compares pictures place by place", buckets);
        var activations = Audit("das", "activation-ridge") with { DatasetOptions = buckets.DatasetOptions };
        Refuses("activation-ridge compares pictures place by place", activations);
        var region = Audit("das") with
        {
            DatasetOptions = buckets.DatasetOptions,
            Region = RegionChoice.Parse("0,0,4,4"),
        };
        Refuses("A {region} is looked at in pictures of one shape", region);
    }

    [Fact]
    public void Buckets_for_a_model_of_one_shape()
    {
        using var model = new TinyUnet();
        var request = (Audit("das") with { DatasetOptions = new() { Resize = ResizeMode.Bucket } }).Request();
        var error = Assert.Throws<AuditException>(() => AuditRefusals.CheckModel(request, model));
        Assert.Contains("takes pictures of 8×8 alone", error.Message, StringComparison.Ordinal);
    }

    private TestAudit Audit(params string[] methods) =>
        TestAudit.Of(_folder, methods) with
        {
            Adapter = new TinyAdapter(_ => throw new InvalidOperationException("The model was loaded.")),
        };

    private static void Refuses(string sentence, TestAudit audit)
    {
        var pipeline = new AuditPipeline(TimeProvider.System, null);
        var error = Assert.Throws<AuditException>(() => pipeline.Run(audit.Request(), CancellationToken.None));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }
}
