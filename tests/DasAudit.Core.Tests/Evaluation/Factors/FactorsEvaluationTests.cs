using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Evaluation.Factors;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Retraining;

namespace DasAudit.Core.Tests.Evaluation.Factors;

/// <summary>Precision of rankings that a script gives, over pictures whose class and folder metadata state.</summary>
public sealed class FactorsEvaluationTests : IDisposable
{
    // By picture: even ones are of class 0, and the first four of author A.
    private static readonly int[] Order = [0, 2, 1, 4, 3, 5, 6, 7];

    private readonly StudyWorld _world = new();

    public FactorsEvaluationTests()
    {
        var pictures = Enumerable
            .Range(0, StudyWorld.Pictures)
            .Select(i => Line($"p{i}.png", i % 2, i < 4 ? "A" : "B"));
        _world.Folder.Write("set/metadata.jsonl", string.Join('\n', pictures));
        _world.Folder.Write("held/metadata.jsonl", $"{Line("p50.png", 0, "A")}\n{Line("p51.png", 1, "C")}");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Precision_is_the_part_of_the_top_that_shares_the_querys_value()
    {
        var ofClass = Run([GroupKey.Class]).Factors.Single();

        Assert.Equal(("class", 2, 0.5), (ofClass.Factor, ofClass.Queries, ofClass.Chance));
        var tops = ofClass.Methods.Single().Tops;
        // The first picture is of class 0, and of the first four three are.
        Assert.Equal([1, 4], tops.Select(top => top.Top));
        Assert.Equal([(1 + 0) / 2.0, (0.75 + 0.25) / 2], tops.Select(top => top.Precision.Value));
    }

    [Fact]
    public void Queries_whose_value_no_training_picture_has_are_left_out()
    {
        var author = Run([GroupKey.Author]).Factors.Single();

        Assert.Equal((1, 0.5), (author.Queries, author.Chance));
        Assert.Equal([1, 0.75], author.Methods.Single().Tops.Select(top => top.Precision.Value));
    }

    [Fact]
    public void Several_factors_are_looked_at_together_too()
    {
        var both = Run([GroupKey.Class, GroupKey.Author]).Factors[^1];

        Assert.Equal(("class+author", 1, 0.25), (both.Factor, both.Queries, both.Chance));
        Assert.Equal([1, 0.5], both.Methods.Single().Tops.Select(top => top.Precision.Value));
    }

    [Fact]
    public void Rankings_by_an_encoder_are_counted_too()
    {
        var audit = (_world.Audit("clip") with { Encoder = new FakeEncoder() }).Request();

        var ofClass = Run([GroupKey.Class], audit).Factors.Single();

        var set = _world.Set;
        double[] expected = [First(50, 0), First(51, 1)];
        Assert.Equal(expected.Average(), ofClass.Methods.Single().Tops[0].Precision.Value);

        double First(int query, int label)
        {
            var picture = TestPictures.Pattern(query, 8, 8);
            return set.Items.MaxBy(item => FakeEncoder.Cosine(picture, set.Read(item)))!.Label == label ? 1 : 0;
        }
    }

    [Fact]
    public void Findings_name_every_factor()
    {
        var finding = Assert.Single(Run([GroupKey.Class, GroupKey.Author]).Findings);

        Assert.StartsWith("scripted: of its first 4 training pictures for a picture, 0.50 (", finding.Sentence);
        Assert.Contains("have the same class+author, against 0.25 by chance", finding.Sentence);
    }

    [Fact]
    public void What_is_stated_of_nothing_is_refused() =>
        Assert.Contains(
            "No held-out picture has a license that a training picture has too",
            Assert.Throws<AuditException>(() => Run([GroupKey.License])).Message
        );

    [Fact]
    public void Held_out_pictures_are_needed() =>
        Assert.Contains("{held-out}", Assert.Throws<AuditException>(() => Run([GroupKey.Class], null)).Message);

    private static string Line(string name, int label, string author) =>
        $$"""{"file_name": "{{name}}", "label": {{label}}, "author": "{{author}}"}""";

    private FactorsResult Run(IReadOnlyList<GroupKey> by, string? heldOut = "held")
    {
        var scripted = new ScriptedMethod("scripted", (_, _) => [.. Order.Select((_, i) => -(double)Order.IndexOf(i))]);
        return Run(by, (_world.Audit() with { Methods = [scripted] }).Request(), heldOut);
    }

    private FactorsResult Run(IReadOnlyList<GroupKey> by, AuditRequest audit, string? heldOut = "held") =>
        new FactorsEvaluation(TimeProvider.System, null).Run(
            new()
            {
                Common = new()
                {
                    Audit = audit,
                    HeldOut = heldOut,
                    Study = _world.Folder["study"],
                    BootstrapDraws = 100,
                },
                By = by,
                Tops = [1, 4],
            },
            TestContext.Current.CancellationToken
        );
}
