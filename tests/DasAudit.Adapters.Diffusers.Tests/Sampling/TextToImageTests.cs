using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Tests.Latent;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Sampling;

/// <summary>Whole text-to-image runs of diffusers 0.21.4's pipelines, from their own initial latents.</summary>
public class TextToImageTests
{
    [Theory]
    [InlineData("sd-lora-tiny", 6, "")]
    [InlineData("sd-lora-tiny", 6, "_lora")]
    [InlineData("sdxl-tiny", 4, "")]
    public void Latents_and_picture_are_the_reference_pipelines(string name, int steps, string suffix)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = LatentModelTests.Golden(name);
        IReadOnlyList<LoraFile> loras = suffix.Length > 0 ? [new(GoldenFiles.PathOf("sd-lora-tiny/lora/peft"))] : [];
        using var model = LatentModelTests.Load(name, new() { Loras = loras });
        var options = new GeneratorOptions { Steps = steps, Guidance = 5 };
        var condition = GuidedCondition.Of(model, new(null, LatentModelTests.Prompts(name)[0]), options);

        var latents = new Denoising(model, condition, options).Run(
            golden.Read("t2i/latents_T"),
            [new NoiseSource(0)],
            null,
            CancellationToken.None
        );
        var picture = (model.Decode(latents) / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1);

        var expected = golden.Read("t2i/final_latents" + suffix);
        Assert.InRange(((latents - expected).norm() / expected.norm()).item<float>(), 0, 1e-4);
        Assert.InRange(Golden.MaxAbs(picture, golden.Read("t2i/image_hwc" + suffix)), 0, 1e-3);
    }

    [Theory]
    [InlineData("sd-lora-tiny", SamplerKind.Ddim, 7.5)]
    [InlineData("sdxl-tiny", SamplerKind.Euler, 5.0)]
    public void Sampler_and_guidance_are_the_pipelines_unless_said(string name, SamplerKind sampler, double guidance)
    {
        using var model = LatentModelTests.Load(name);

        Assert.Equal((sampler, guidance), (model.Sampling.Sampler, model.Sampling.Guidance));
    }

    [Fact]
    public void A_pixel_model_takes_times_between_its_timesteps()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = new Golden("ddpm-tiny");
        var sample = golden.File.Read("sample").narrow(0, 0, 1);
        Tensor At(Tensor time) => golden.Model.Predict(sample, time);
        var (below, between, above) = (
            At(tensor(new[] { 400L })),
            At(tensor(new[] { 400.5f })),
            At(tensor(new[] { 401L }))
        );

        Assert.InRange(Golden.MaxAbs(below, At(tensor(new[] { 400f }))), 0, 1e-6);
        Assert.InRange(Golden.MaxAbs((below + above) / 2, between), 0, 0.5 * Golden.MaxAbs(below, above));
    }
}
