using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Sampling;

/// <summary>Whole text-to-image runs of diffusers 0.21.4's pipelines, from their own initial latents.</summary>
public class TextToImageTests
{
    [Theory]
    [InlineData(NetworkGolden.StableDiffusion, false, 6, "")]
    [InlineData(NetworkGolden.StableDiffusion, false, 6, "_lora")]
    [InlineData(NetworkGolden.StableDiffusionXl, true, 4, "")]
    public void Latents_and_picture_are_the_reference_pipelines(string name, bool isXl, int steps, string suffix)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = new NetworkGolden(name);
        using var model = new PipelineModel(golden, isXl);
        if (suffix.Length > 0)
            model.Merge(Path.Combine(golden.Folder, "lora/peft/pytorch_lora_weights.safetensors"));
        var options = new GeneratorOptions { Steps = steps };
        var condition = GuidedCondition.Of(model, new(null, golden.Prompts[0]), options);

        var latents = new Denoising(model, condition, options).Run(
            golden["t2i/latents_T"],
            new NoiseSource(0),
            null,
            CancellationToken.None
        );
        var picture = (model.Decode(latents) / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1);

        var expected = golden["t2i/final_latents" + suffix];
        Assert.InRange(((latents - expected).norm() / expected.norm()).item<float>(), 0, 1e-4);
        Assert.InRange(Golden.MaxAbs(picture, golden["t2i/image_hwc" + suffix]), 0, 1e-3);
    }

    [Fact]
    public void A_pixel_model_takes_times_between_its_timesteps()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = new Golden("ddpm-tiny");
        var sample = golden.File.Read("sample").narrow(0, 0, 1);
        Tensor At(Tensor time) => golden.Model.Predict(sample, time);

        Assert.InRange(Golden.MaxAbs(At(tensor(new[] { 400L })), At(tensor(new[] { 400f }))), 0, 1e-6);
        var (below, between, above) = (
            At(tensor(new[] { 400L })),
            At(tensor(new[] { 400.5f })),
            At(tensor(new[] { 401L }))
        );
        Assert.InRange(Golden.MaxAbs((below + above) / 2, between), 0, 1e-3 * below.abs().max().item<float>());
        Assert.True(Golden.MaxAbs(below, between) > 1e-4);
    }
}
