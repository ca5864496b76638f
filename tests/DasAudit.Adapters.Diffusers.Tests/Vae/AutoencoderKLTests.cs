using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Vae;

public class AutoencoderKLTests
{
    public static TheoryData<string> Pipelines =>
        [NetworkGolden.StableDiffusion, NetworkGolden.StableDiffusionXl, NetworkGolden.SingleFile];

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void The_moments_of_latents_are_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);

        var moments = golden.Vae().Moments(golden["vae/image"]).chunk(2, 1);

        Assert.InRange(Golden.MaxAbs(moments[0], golden["vae/mean"]), 0, 1e-4);
        Assert.InRange(Golden.MaxAbs(moments[1].clamp(-30, 20), golden["vae/logvar"]), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Latents_are_the_scaled_mean_and_decoding_undoes_the_scale(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);
        var vae = golden.Vae();
        var scale = golden.Config("vae").Double("scaling_factor", 0, 0, 1);

        var latents = vae.Encode(golden["vae/image"]);

        Assert.InRange(Golden.MaxAbs(latents, golden["vae/mean"] * scale), 0, 2e-5);
        Assert.InRange(Golden.MaxAbs(vae.Decode(golden["vae/mean"] * scale), golden["vae/decoded"]), 0, 2e-5);
        Assert.Equal(0, Golden.MaxAbs(latents, vae.Encode(golden["vae/image"])));
    }

    [Fact]
    public void Parameters_have_the_reference_librarys_names_and_order()
    {
        using var golden = new NetworkGolden(NetworkGolden.SingleFile);

        Assert.Equal(
            golden.Parameters("vae").Select(item => item.GetProperty("name").GetString()),
            golden.Vae().named_parameters().Select(entry => entry.name)
        );
    }

    [Fact]
    public void Encoding_and_decoding_leave_no_tensor_behind_but_their_outputs()
    {
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusion);
        using var picture = golden["vae/image"];
        var vae = golden.Vae();
        void Run()
        {
            using var latents = vae.Encode(picture);
            vae.Decode(latents).Dispose();
        }
        Run();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Run();

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    /// <summary>As Stable Diffusion 3 has it: no convolutions about the latents, which are shifted.</summary>
    [Fact]
    public void Latents_are_shifted_before_they_are_scaled()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = Config("""{"use_quant_conv": false, "use_post_quant_conv": false, "shift_factor": 0.5}""");
        using var shifted = new AutoencoderKL(config);
        DefaultInitialization.Apply(shifted, seed: 1);
        ConvolutionLayout.UseChannelsLast(shifted);
        var picture = rand(1, 3, 8, 8);

        var latents = shifted.Encode(picture);

        Assert.DoesNotContain(shifted.named_parameters(), entry => entry.name.Contains("quant_conv"));
        var mean = shifted.Moments(picture).chunk(2, 1)[0];
        Assert.InRange(Golden.MaxAbs(latents, (mean - 0.5) * 0.18215), 0, 1e-6);
        Assert.InRange(Golden.MaxAbs(shifted.Decode(latents), Unshifted(shifted, mean)), 0, 1e-5);
    }

    [Theory]
    [InlineData("_class_name", "\"VQModel\"")]
    [InlineData("act_fn", "\"relu\"")]
    [InlineData("down_block_types", "[\"AttnDownEncoderBlock2D\"]")]
    [InlineData("up_block_types", "[\"UpDecoderBlock2D\", \"UpDecoderBlock2D\"]")]
    [InlineData("norm_num_groups", "3")]
    [InlineData("block_out_channels", "[]")]
    [InlineData("latents_mean", "[0.1]")]
    public void Other_autoencoders_are_refused_by_name(string key, string value)
    {
        var refusal = Assert.Throws<AuditException>(() => Config($$"""{"{{key}}": {{value}}}"""));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }

    private static Tensor Unshifted(AutoencoderKL model, Tensor mean)
    {
        using var plain = new AutoencoderKL(
            Config("""{"use_quant_conv": false, "use_post_quant_conv": false, "scaling_factor": 1}""")
        );
        ConvolutionLayout.UseChannelsLast(plain);
        foreach (var (copy, original) in plain.parameters().Zip(model.parameters()))
            copy.copy_(original);
        return plain.Decode(mean);
    }

    private static AutoencoderKLConfig Config(string json)
    {
        const string Base = """
            "_class_name": "AutoencoderKL", "block_out_channels": [8], "norm_num_groups": 4, "latent_channels": 2
            """;
        // A later key replaces an earlier one.
        return AutoencoderKLConfig.Read(JsonConfig.Parse("vae/config.json", $"{{{Base}, {json[1..]}"));
    }
}
