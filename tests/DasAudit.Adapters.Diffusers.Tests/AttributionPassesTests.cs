using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Curvature;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>Methods that make passes of their own, on the U-Nets of the reference library.</summary>
public class AttributionPassesTests
{
    private static readonly GradientOptions Options = new() { Timesteps = 1, Replicates = 1 };

    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Activations_are_what_leaves_the_last_up_block(string name)
    {
        var engine = new ActivationEngine(new(() => Golden.Load(GoldenFiles.PathOf(name))), Options, 1);
        var features = engine.Compute(Pictures(name, 2), null, TestContext.Current.CancellationToken);
        Assert.Equal("conv_norm_out:input", engine.Place!.ToString());
        Assert.NotEqual(features[0].Rows[ActivationEngine.Kind][0], features[1].Rows[ActivationEngine.Kind][0]);
    }

    /// <summary>
    /// The engine compares every linear and convolution layer's gradient with automatic differentiation's, and refuses
    /// to go on if one differs.
    /// </summary>
    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Every_linear_and_convolution_layer_is_followed(string name)
    {
        var pictures = Pictures(name, 3);
        var scores = new EkfacEngine(new(() => Golden.Load(GoldenFiles.PathOf(name))), Options, 1).Compute(
            pictures[..1],
            pictures,
            2,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.All(scores.Kronecker[0][0].Concat(scores.Corrected[0][0]), score => Assert.True(double.IsFinite(score)));
        // ∇ℓᵀ·H⁻¹·∇ℓ of a picture with itself.
        Assert.True(scores.Kronecker[0][0][0] > 0 && scores.Corrected[0][0][0] > 0);
    }

    private static ModelPicture[] Pictures(string name, int count)
    {
        using var model = Golden.Load(GoldenFiles.PathOf(name));
        var (length, condition) = (
            model.PictureShape.Length,
            model is IConditioned { Kind: ConditionKind.ClassLabel } ? new Condition(1, null) : null
        );
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new ModelPicture(
                    $"picture {i}",
                    () =>
                    {
                        var values = new float[length];
                        new NoiseSource(i).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
                        return [.. values.Select(v => Math.Clamp(v, -1, 1))];
                    },
                    condition
                )),
        ];
    }
}
