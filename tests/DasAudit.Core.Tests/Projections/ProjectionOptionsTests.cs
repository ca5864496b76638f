using DasAudit.Abstractions;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Projections;

public class ProjectionOptionsTests
{
    [Theory]
    [InlineData("sjlt:4096", ProjectionKind.Sjlt, 4096)]
    [InlineData("rademacher:2", ProjectionKind.Rademacher, 2)]
    [InlineData("gaussian:1048576", ProjectionKind.Gaussian, 1 << 20)]
    [InlineData("layers:256", ProjectionKind.Layers, 256)]
    [InlineData("none", ProjectionKind.None, 4096)]
    public void Projections_are_read_and_written(string text, ProjectionKind kind, int dimension)
    {
        var options = ProjectionOptions.Parse(text);
        Assert.Equal((kind, dimension, text), (options.Kind, options.Dimension, options.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sjlt")]
    [InlineData("sjlt:")]
    [InlineData("sjlt:1")]
    [InlineData("sjlt:-5")]
    [InlineData("sjlt:1048577")]
    [InlineData("rademacher:4 096")]
    [InlineData("gaussian:1e3")]
    [InlineData("gauss:10")]
    [InlineData("none:10")]
    [InlineData("SJLT:10")]
    public void Other_projections_are_refused_with_all_that_there_are(string text)
    {
        var message = Assert.Throws<AuditException>(() => ProjectionOptions.Parse(text)).Message;
        Assert.Contains($"'{text}'", message, StringComparison.Ordinal);
        Assert.All(
            Enum.GetValues<ProjectionKind>(),
            kind =>
                Assert.Contains(
                    kind switch
                    {
                        ProjectionKind.None => " none",
                        ProjectionKind.Logra => "logra:IxO",
                        _ => $"{kind.ToString().ToLowerInvariant()}:DIM",
                    },
                    message,
                    StringComparison.Ordinal
                )
        );
    }

    [Theory]
    [InlineData("sjlt:100")]
    [InlineData("rademacher:100")]
    [InlineData("gaussian:100")]
    public void The_feature_has_the_length_that_was_asked_for(string text) =>
        Assert.Equal(
            [100, 100],
            ProjectionOptions
                .Parse(text)
                .Create(0, 7)
                .Project(TestGradients.Rows(2, 7))
                .Select(feature => feature.Length)
        );
}
