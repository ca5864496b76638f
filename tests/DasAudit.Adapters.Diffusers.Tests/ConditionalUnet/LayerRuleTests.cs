using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.ConditionalUnet;

/// <summary>
/// Per-sample gradients of U-Net and text encoders together, layer by layer, against automatic differentiation of a row
/// at a time.
/// </summary>
public class LayerRuleTests
{
    private static readonly IOutputFunction[] Functions = [OutputFunctions.Loss, OutputFunctions.Mean];

    [Theory]
    [InlineData(NetworkGolden.SingleFile)]
    [InlineData(NetworkGolden.StableDiffusionXl)]
    public void Gradients_by_layer_rules_are_those_of_automatic_differentiation(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new NetworkGolden(name);
        using var model = name == NetworkGolden.StableDiffusionXl ? Sdxl(golden) : StableDiffusion(golden);
        var parameters = AttributedParameters.Select(model, filter: null);
        using var layerwise = new LayerwiseGradients(model, parameters, Functions);
        using var autograd = new AutogradGradients(model, parameters, Functions);
        var batch = new NoisyBatch(
            "noise",
            golden["unet/sample"],
            golden["unet/noise"],
            golden["unet/timesteps"],
            new(("rows", arange(2, dtype: ScalarType.Int64))),
            [new(1, 0), new(2, 0)]
        );

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
                var reference = Sum(expected, function, weights, parameters.Count);
                var difference = Sum(actual, function, weights, parameters.Count) - reference;
                Assert.InRange((difference.norm() / reference.norm()).item<float>(), 0, 1e-5);
            }
        }
    }

    private static Tensor Sum(IBatchGradients gradients, int function, float[] weights, int count)
    {
        var sum = new float[count];
        gradients.AddWeightedSum(function, weights, sum);
        return tensor(sum);
    }

    // The condition is the row of the golden inputs that a row of the batch is.
    private static FunctionModel StableDiffusion(NetworkGolden golden)
    {
        var (unet, encoder) = (golden.Unet(), golden.TextEncoder());
        return new FunctionModel(
            new Pipeline(unet, encoder, null),
            new ImageShape(4, 8, 8),
            (noisy, timesteps, condition) =>
            {
                var encoding = encoder.call(golden["text/input_ids"].index_select(0, condition!["rows"]));
                return unet.call(noisy, timesteps, encoding.LastHiddenState, null);
            }
        );
    }

    private static FunctionModel Sdxl(NetworkGolden golden)
    {
        var unet = golden.Unet();
        var (first, second) = (golden.TextEncoder(), golden.TextEncoder("text_encoder_2"));
        return new FunctionModel(
            new Pipeline(unet, first, second),
            new ImageShape(4, 16, 16),
            (noisy, timesteps, condition) =>
            {
                Tensor Input(string name) => golden[name].index_select(0, condition!["rows"]);

                var (one, two) = (first.call(Input("text/input_ids")), second.call(Input("text/input_ids_2")));
                return unet.call(
                    noisy,
                    timesteps,
                    cat([one.Penultimate, two.Penultimate], -1),
                    new AddedConditions(two.Pooled, Input("unet/time_ids"))
                );
            }
        );
    }

    private sealed class Pipeline : nn.Module
    {
        private readonly UNet2DConditionModel unet;
        private readonly ClipTextModel text_encoder;
        private readonly ClipTextModel? text_encoder_2;

        internal Pipeline(UNet2DConditionModel unet, ClipTextModel first, ClipTextModel? second)
            : base(nameof(Pipeline))
        {
            (this.unet, text_encoder, text_encoder_2) = (unet, first, second);
            RegisterComponents();
        }
    }
}
