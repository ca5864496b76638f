using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Methods are given five training pictures, two decoys, and two null queries.</summary>
public sealed class MethodInputReaderTests : IDisposable
{
    private static readonly IAttributionMethod Das = MethodCatalog.Find("das");
    private static readonly IAttributionMethod Pixel = MethodCatalog.Find("pixel");

    private readonly TempFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public MethodInputReaderTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.WritePictures("unseen", 40, 2);
        _folder.WritePictures("others", 60, 2);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        _folder.Write("second.png", TestPictures.Png(9, 8, 8));
        _folder.Write("others/itself.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Features_of_candidates_and_query_are_those_of_the_engine()
    {
        using var audit = new AuditReading(Audit());
        var table = audit.Inputs.For(Das, audit.Queries[0]).Tables(Das.Needs.Features[0].Name)[^1];
        Assert.Equal((5, 5, 1), (table.Scored.Count, table.Members, table.Queries.Count));
        var kind = Das.Needs.Features[0].Kinds[0];
        for (var i = 0; i < 5; i++)
        {
            var seed = i;
            Assert.Equal(
                audit.Compute(audit.Queries[0].Scored[i].Path, () => Values(seed), kind),
                table.Scored[i].Rows[kind]
            );
        }

        // The audited picture is the third training picture, pixel for pixel.
        Assert.Equal(table.Scored[2].Rows[kind], table.Queries[0].Rows[kind]);
        Assert.NotEqual(table.Scored[1].Rows[kind], table.Queries[0].Rows[kind]);
    }

    [Fact]
    public void A_picture_that_is_a_candidate_of_two_queries_is_computed_once()
    {
        var reported = new List<StageProgress>();
        using var audit = new AuditReading(Audit() with { Images = ["query.png", "second.png"] }, reported);
        var gradients = reported.Where(progress => progress.Stage == "computing gradients").ToList();
        // Six: the first audited picture is a training picture too.
        Assert.Equal((6, 6), (gradients.Count, gradients[^1].Total));
        var name = Das.Needs.Features[0].Name;
        var kind = Das.Needs.Features[0].Kinds[0];
        var tables = audit.Queries.Select(query => audit.Inputs.For(Das, query).Tables(name)[^1]).ToList();
        Assert.Equal(tables[0].Scored[4].Rows[kind], tables[1].Scored[4].Rows[kind]);
        Assert.NotEqual(tables[0].Queries[0].Rows[kind], tables[1].Queries[0].Rows[kind]);
    }

    [Fact]
    public void Decoys_are_scored_and_are_no_members()
    {
        using var audit = new AuditReading(Audit() with { Decoys = "unseen" });
        var inputs = audit.Inputs.For(Das, audit.Queries[0]);
        Assert.Equal((5, 7), (inputs.Members, inputs.Scored));
        Assert.Equal((5, 7), (audit.Queries[0].Candidates.Count, audit.Queries[0].Scored.Count));
        var table = inputs.Tables(Das.Needs.Features[0].Name)[^1];
        Assert.Equal((5, 7), (table.Members, table.Scored.Count));
    }

    [Fact]
    public void Background_pictures_are_in_the_table_and_not_scored()
    {
        var few = new CandidateOptions { Limit = 1, ControlSize = 0 };
        using var audit = new AuditReading(Audit() with { Candidates = few, Encoder = _encoder, Background = 2 });
        var query = audit.Queries[0];
        var table = audit.Inputs.For(Das, query).Tables(Das.Needs.Features[0].Name)[^1];
        Assert.Equal((query.Scored.Count, 2), (table.Scored.Count, table.Background.Count));
        Assert.Equal((5 - query.Scored.Count) / 2.0, table.BackgroundWeight);
        Assert.Empty(query.Scored.Select(item => item.Index).Intersect(query.Background.Items.Select(i => i.Index)));
    }

    [Fact]
    public void Null_queries_stand_behind_the_audited_picture_but_for_itself()
    {
        var request = Audit("pixel", "das") with { NullQueries = "others", Encoder = _encoder };
        using var audit = new AuditReading(request);
        var inputs = audit.Inputs.For(Pixel, audit.Queries[0]);
        Assert.Equal(3, inputs.Queries);
        Assert.Equal(Values(2), inputs.Pixels!.Queries[0]);
        Assert.Equal(Values(60), inputs.Pixels.Queries[1]);
        Assert.Equal(Values(61), inputs.Pixels.Queries[2]);
        Assert.Equal(Values(4), inputs.Pixels.Scored[4]);
        Assert.Equal(3, audit.Inputs.For(Das, audit.Queries[0]).Tables(Das.Needs.Features[0].Name)[^1].Queries.Count);
    }

    [Fact]
    public void Similarities_are_there_with_an_encoder_only()
    {
        using var blind = new AuditReading(Audit());
        Assert.Null(blind.Inputs.For(Das, blind.Queries[0]).Similarities);
        using var seeing = new AuditReading(Audit("clip") with { Encoder = _encoder, NullQueries = "others" });
        var similarities = seeing.Inputs.For(MethodCatalog.Find("clip"), seeing.Queries[0]).Similarities!;
        Assert.Equal([5, 5, 5], similarities.Select(row => row.Length));
        Assert.Equal(1, similarities[0][2], 1e-6);
        Assert.True(similarities[1][2] < 0.999999);
    }

    private TestAudit Audit(params string[] methods) => TestAudit.Of(_folder, methods.Length == 0 ? ["das"] : methods);

    private static float[] Values(int seed) =>
        PictureTensor.ToValues(TestPictures.Pattern(seed, 8, 8), new ImageShape(3, 8, 8));
}
