using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Projections;

public class LograRanksTests
{
    [Theory]
    [InlineData("logra:16x8", 16, 8, "logra:16x8")]
    [InlineData("logra:16", 16, 16, "logra:16x16")]
    public void A_projection_names_the_ranks_of_inputs_and_outputs(string text, int inputs, int outputs, string written)
    {
        var options = ProjectionOptions.Parse(text);

        Assert.Equal(new(inputs, outputs), options.Logra);
        Assert.Equal(written, options.ToString());
    }

    [Theory]
    [InlineData("logra:")]
    [InlineData("logra:0x4")]
    [InlineData("logra:4x")]
    [InlineData("logra:4x4x4")]
    [InlineData("logra:-1")]
    [InlineData("logra:2000")]
    public void Other_ranks_are_refused(string text) =>
        Assert.Contains(
            "logra:16x8",
            Assert.Throws<AuditException>(() => ProjectionOptions.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_features_length_follows_from_the_model()
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        var parameters = AttributedParameters.Select(model, null, logra: new(3, 2));
        var expected = model
            .Network.named_parameters()
            .Sum(p =>
                p.parameter.dim() < 2
                    ? p.parameter.numel()
                    : Math.Min(2, p.parameter.shape[0]) * Math.Min(3, p.parameter.numel() / p.parameter.shape[0])
            );

        Assert.Equal(expected, parameters.Space.Count);
    }

    [Fact]
    public void Features_keep_the_coordinates_of_all_pictures_comparable_whatever_the_batches()
    {
        var options = new GradientOptions
        {
            Timesteps = 4,
            Replicates = 2,
            Projection = ProjectionOptions.Parse("logra:3x2"),
        };
        var pictures = Enumerable
            .Range(0, 3)
            .Select(i => new ModelPicture(
                $"{i}",
                () => [.. Enumerable.Range(0, 3 * 8 * 8).Select(j => MathF.Sin(i + j))]
            ))
            .ToList();

        Assert.Equal(Features(workers: 1), Features(workers: 2));

        List<float> Features(int workers)
        {
            var engine = new FeatureEngine(new(() => new TinyUnet()), options, workers);
            var features = engine.Compute(pictures, null, CancellationToken.None);
            return [.. features.SelectMany(feature => feature.Rows[FeatureKind.UnitMean]).SelectMany(row => row)];
        }
    }
}
