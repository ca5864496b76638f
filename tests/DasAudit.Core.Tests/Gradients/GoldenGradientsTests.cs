using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

/// <summary>Checkpoints of the reference library, with the gradients that it computed.</summary>
public class GoldenGradientsTests
{
    public static TheoryData<string> Checkpoints =>
        ["ddpm-tiny", "ddpm-celeba-like/scale-shift", "ddpm-celeba-like/class-cond", "ddpm-celeba-like/old-keys"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void They_agree_with_autograd(string name)
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        using var model = Load(name);
        var condition = Classes(model, 0, 1, 2, 0, 1, 2);
        GradientComparison.AssertEqualToAutograd(model, GradientComparison.Batch(model, 6, condition), replicates: 2);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void LoGras_coordinates_agree_with_autograd(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name);
        var condition = Classes(model, 0, 1, 2, 0);
        GradientComparison.AssertEqualToAutograd(
            model,
            GradientComparison.Batch(model, 4, condition),
            logra: new(16, 8)
        );
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void They_agree_with_the_reference_library(string name)
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        using var model = Load(name);
        using var golden = SafetensorsFile.Open(Path.Combine(GoldenFiles.PathOf(name), "golden.safetensors"));
        var timesteps = golden.Read("timesteps");
        var batch = new NoisyBatch(
            name,
            golden.Read("sample"),
            golden.Read("noise"),
            timesteps,
            golden.TryGet("class_labels", out _) ? new(("class_labels", golden.Read("class_labels"))) : null,
            [.. timesteps.data<long>().Select(t => new Pass((int)t, 0))]
        );
        var parameters = AttributedParameters.Select(model, null);
        using var gradients = new LayerwiseGradients(model, parameters, [OutputFunctions.Mean]);
        using var batchGradients = gradients.Differentiate(batch);

        var stored = golden.Names.Single(n => n.StartsWith("grad_output_mean", StringComparison.Ordinal));
        var expected = golden.Read(stored);
        var stride = (parameters.Count + expected.shape[1] - 1) / expected.shape[1];
        for (var r = 0; r < 2; r++)
        {
            var gradient = new float[parameters.Count];
            batchGradients.AddWeightedSum(0, [r == 0 ? 1 : 0, r == 1 ? 1 : 0], gradient);
            var actual = tensor(gradient)[TensorIndex.Slice(null, null, stride)];
            var difference = ((actual - expected[r]).norm() / expected[r].norm()).item<float>();
            Assert.InRange(difference, 0, 1e-5);
        }
    }

    internal static IDiffusionModel Load(string name)
    {
        var model = new DiffusersAdapter().Load(GoldenFiles.PathOf(name), CPU, ModelLoadOptions.Trained);
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    /// <summary>Encoded classes, for a model that takes them; null for others.</summary>
    internal static ConditionTensors? Classes(IDiffusionModel model, params int[] classes) =>
        (model as IConditioned)?.EncodeConditions([.. classes.Select(label => new Condition(label, null))]);
}
