using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Core.Curvature;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>
/// Per-sample gradients of U-Net and text encoders with LoRAs, layer by layer, against automatic differentiation of a
/// row at a time.
/// </summary>
public class LoraLayerRuleTests
{
    // The last one has a tangent target, which is made of what the attributed layers compute.
    private static readonly IOutputFunction[] Functions =
    [
        OutputFunctions.Loss,
        OutputFunctions.Mean,
        new PictureProbeOutput(0, 1),
    ];

    private const string OfLoras = @"\.lora_";
    private const string OfTheBase = @"!\.lora_";

    public static MatrixTheoryData<string, string> Parameters =>
        new([LoraNetworks.Sd, LoraNetworks.Sdxl], [OfLoras, OfTheBase, ".*"]);

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Gradients_by_layer_rules_are_those_of_automatic_differentiation(string name, string filter) =>
        AssertLikeAutograd(name, filter, logra: null);

    /// <summary>With more inputs and outputs than some of the LoRA's layers have.</summary>
    [Theory]
    [MemberData(nameof(Parameters))]
    public void So_are_those_projected_by_logra(string name, string filter) =>
        AssertLikeAutograd(name, filter, new LograRanks(6, 3));

    private static void AssertLikeAutograd(string name, string filter, LograRanks? logra)
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(name);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)), new LoraFile(LoraNetworks.Kohya(name), 0.5));
        var model = Model(networks);
        var parameters = AttributedParameters.Select(model, filter, logra: logra);
        using var layerwise = new LayerwiseGradients(model, parameters, Functions);
        using var autograd = new AutogradGradients(model, parameters, Functions);
        var batch = Batch(networks);

        using var actual = layerwise.Differentiate(batch);
        using var expected = autograd.Differentiate(batch);

        for (var function = 0; function < Functions.Length; function++)
        {
            foreach (
                var weights in (float[][])
                    [
                        [1, 0],
                        [0, 1],
                    ]
            )
            {
                var reference = Sum(expected, function, weights, parameters.Space.Count);
                var difference = Sum(actual, function, weights, parameters.Space.Count) - reference;
                Assert.InRange((difference.norm() / reference.norm()).item<float>(), 0, 1e-5);
            }
        }
        for (var row = 0; row < 2; row++)
        {
            var (target, reference) = (actual.TangentTargets[2]![row], expected.TangentTargets[2]![row]);
            Assert.InRange(Math.Abs(target - reference), 0, 1e-4 * (Math.Abs(reference) + 1));
        }
    }

    /// <summary>What the tool itself compares before it trusts the layer rules.</summary>
    [Theory]
    [MemberData(nameof(Parameters))]
    public void The_self_check_finds_no_fault_in_full_or_reduced_precision(string name, string filter)
    {
        foreach (var precision in new[] { GradientPrecision.Full, GradientPrecision.BFloat16 })
        {
            using var scope = NewDisposeScope();
            using var networks = new LoraNetworks(name);
            networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));
            var model = Model(networks);
            if (precision == GradientPrecision.BFloat16)
                ReducedPrecision.Use(model.Network, ScalarType.BFloat16);
            var parameters = AttributedParameters.Select(model, filter);
            using var layerwise = new LayerwiseGradients(model, parameters, Functions);
            using var autograd = new AutogradGradients(model, parameters, Functions);

            Assert.Null(SelfCheck.Fault(layerwise, autograd, parameters, Batch(networks), precision));
        }
    }

    /// <summary>It compares each layer's gradient with automatic differentiation's and throws if they differ.</summary>
    [Theory]
    [MemberData(nameof(Parameters))]
    public void Kfac_follows_every_layer(string name, string filter)
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(name);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));
        using var taps = new KroneckerTaps(Model(networks), filter);

        taps.Check(Batch(networks), networks["unet/noise"]);

        Assert.True(taps.Layers.Count > 90);
    }

    private static Tensor Sum(IBatchGradients gradients, int function, float[] weights, int count)
    {
        var sum = new float[count];
        gradients.AddWeightedSum(function, weights, sum);
        return tensor(sum);
    }

    private static NoisyBatch Batch(LoraNetworks networks) =>
        new(
            "noise",
            networks["unet/sample"],
            networks["unet/noise"],
            networks["unet/timesteps"],
            new(("rows", arange(2, dtype: ScalarType.Int64))),
            [new(1, 0), new(2, 0)]
        );

    private static FunctionModel Model(LoraNetworks networks) =>
        new(
            new Pipeline(networks),
            new ImageShape(4, 16, 16),
            (noisy, timesteps, condition) => networks.PredictPrompts(noisy, timesteps, condition!["rows"])
        );

    private sealed class Pipeline : nn.Module
    {
        private readonly UNet2DConditionModel unet;
        private readonly ClipTextModel text_encoder;
        private readonly ClipTextModel? text_encoder_2;

        internal Pipeline(LoraNetworks networks)
            : base(nameof(Pipeline))
        {
            unet = networks.Unet;
            text_encoder = networks.TextEncoder;
            text_encoder_2 = networks.TextEncoder2;
            RegisterComponents();
        }
    }
}
