using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>What methods say of themselves, and whether it is so.</summary>
public class DescriptionTests
{
    public static TheoryData<string> Ids => [.. ReferenceTests.Ids];

    [Fact]
    public void Ids_are_unique_and_every_method_says_what_it_is()
    {
        Assert.Distinct(MethodCatalog.All.Select(method => method.Description.Id));
        Assert.All(
            MethodCatalog.All,
            method =>
                Assert.All(
                    [
                        method.Description.Scores.Meaning,
                        method.Description.Scores.Scale,
                        method.Description.Title,
                        method.Description.Source,
                        method.Description.Cost,
                        method.Description.Scores.LargerMeans,
                    ],
                    text => Assert.NotEmpty(text)
                )
        );
        Assert.Distinct(MethodCatalog.All.Select(method => method.Description.Scores.Meaning));
        Assert.All(
            MethodCatalog.All,
            method => Assert.EndsWith(".", method.Description.Scores.Meaning, StringComparison.Ordinal)
        );
        Assert.All(
            MethodCatalog.All,
            method => Assert.DoesNotMatch("[.]$|query", method.Description.Scores.LargerMeans)
        );
        Assert.Contains("'das-x'", Assert.Throws<AuditException>(() => MethodCatalog.Find("das-x")).Message);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_method_says_of_its_scores_what_they_are(string id)
    {
        var method = MethodCatalog.Find(id);
        var scores = method.Score(UsualInputs.For(method), new(), CancellationToken.None);
        Assert.Equal(!scores.Queries[0].AddsUp, method.Description.Scores.ChangesAddUp);
        Assert.Equal(
            scores.Queries[0].Directions is not null,
            method.Description.Scores.Direction == ScoreDirection.Beside
        );
        Assert.Equal(
            (ScoreKind.Influence, ScoreNoise.Drawn, true),
            (method.Description.Scores.Kind, method.Description.Scores.Noise, method.Description.Scores.IncludeDecoys)
        );
        Assert.Equal(
            scores.Queries[0].Inner is not null && id != "das-v",
            method.Description.Scores.Meaning.Contains("Never negative", StringComparison.Ordinal)
        );

        // Methods with residuals score otherwise with them.
        var others = method.Score(
            UsualInputs.For(method),
            new() { Residual = ResidualKind.Rms },
            CancellationToken.None
        );
        Assert.Equal(!scores.Queries[0].Mean.SequenceEqual(others.Queries[0].Mean), method.Description.Residuals);
    }

    [Fact]
    public void What_is_no_influence_of_a_model_is_not_called_so()
    {
        string[] Of(ScoreKind kind) =>
            [
                .. MethodCatalog
                    .All.Where(method => method.Description.Scores.Kind == kind)
                    .Select(method => method.Description.Id),
            ];
        Assert.Equal(["clip", "pixel", "pixel-dot", "pixel-ridge", "activation-ridge"], Of(ScoreKind.Resemblance));
        Assert.Equal(["random"], Of(ScoreKind.Chance));
        Assert.Equal(
            ["clip", "pixel", "pixel-dot", "pixel-ridge", "random"],
            MethodCatalog.All.Where(method => !method.Needs.LooksAtModel).Select(method => method.Description.Id)
        );
        Assert.Equal(
            ["empirical-influence", "datamodel"],
            MethodCatalog
                .All.Where(method => !method.Description.Scores.IncludeDecoys)
                .Select(method => method.Description.Id)
        );
    }

    [Theory]
    [InlineData(null, "tracin", "gradient-dot", "gradient-cosine", "diffusion-retrac", "dmin")]
    [InlineData(
        "df:0.3",
        "trak",
        "journey-trak",
        "relative-if",
        "l-relative-if",
        "renormalized-if",
        "d-trak:weighted-mse"
    )]
    [InlineData("df:0.2", "d-trak")]
    [InlineData(
        "df:0.1",
        "das",
        "das-v",
        "das-loo",
        "das-signed",
        "das-layered",
        "das-official",
        "pva",
        "pva-mini",
        "pva-12",
        "d-trak:mean",
        "d-trak:l1-norm"
    )]
    public void The_described_damping_is_what_is_used_unless_another_is_asked_for(string? rule, params string[] ids)
    {
        foreach (var method in ids.Select(MethodCatalog.Find))
        {
            Assert.Equal(rule, method.Description.Damping?.ToString());
            var inputs = UsualInputs.For(method);
            var damping = Damping(null);
            Assert.Equal(rule is null, damping.Count == 0);
            if (rule is null)
                continue;
            Assert.Equal(Damping(method.Description.Damping), damping);
            Assert.All(Damping(new Damped(30)), value => Assert.Equal(30, value));

            IReadOnlyList<double> Damping(IDampingRule? option) =>
                method.Score(inputs, new() { Damping = option }, CancellationToken.None).Damping;
        }
    }
}
