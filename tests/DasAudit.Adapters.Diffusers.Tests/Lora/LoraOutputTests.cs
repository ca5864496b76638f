using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

public class LoraOutputTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Styles => ["attn-procs", "pipeline-old", "lora-down-up", "peft"];

    [Theory]
    [MemberData(nameof(Styles))]
    public void Outputs_with_each_style_of_diffusers_are_the_reference_librarys(string style)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        var adapter = networks.Apply(new LoraFile(Styled(style))).Single();

        Assert.Equal("default", adapter.Name);
        Assert.Equal([Styled(style)], adapter.Files);
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora"]), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void A_weight_multiplies_the_change(string style)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        networks.Apply(new LoraFile(Styled(style), 0.5));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora_scale0.5"]), 0, Tolerance);
    }

    [Theory]
    [InlineData(LoraNetworks.Sd, 1)]
    [InlineData(LoraNetworks.Sd, 0.5)]
    [InlineData(LoraNetworks.Sdxl, 1)]
    [InlineData(LoraNetworks.Sdxl, 0.5)]
    public void Outputs_with_a_kohya_file_are_the_reference_librarys(string name, double weight)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(name);

        networks.Apply(new LoraFile(LoraNetworks.Kohya(name), weight));

        var expected = networks.KohyaGolden(weight == 1 ? "unet/output_lora" : "unet/output_lora_scale0.5");
        Assert.InRange(Golden.MaxAbs(networks.Predict(), expected), 0, Tolerance);
    }

    [Theory]
    [InlineData(LoraNetworks.Sd)]
    [InlineData(LoraNetworks.Sdxl)]
    public void Outputs_for_prompts_with_a_kohya_file_are_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(name);

        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));

        Assert.InRange(
            Golden.MaxAbs(networks.PredictPrompts(), networks.KohyaGolden("unet/output_lora_text")),
            0,
            Tolerance
        );
    }

    [Fact]
    public void The_text_encoders_output_with_a_kohya_file_is_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd)));

        var encoding = networks.TextEncoder.call(networks["text/input_ids"].narrow(0, 0, 2));

        Assert.InRange(
            Golden.MaxAbs(encoding.LastHiddenState, networks.KohyaGolden("text/last_hidden_state_lora")),
            0,
            Tolerance
        );
    }

    [Fact]
    public void Both_of_sdxls_text_encoders_outputs_with_a_kohya_file_are_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sdxl);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sdxl)));

        var first = networks.TextEncoder.call(networks["text/input_ids"]);
        var second = networks.TextEncoder2!.call(networks["text/input_ids_2"]);

        var embeds = cat([first.Penultimate, second.Penultimate], -1);
        Assert.InRange(Golden.MaxAbs(embeds, networks.KohyaGolden("text/prompt_embeds_lora")), 0, Tolerance);
        Assert.InRange(
            Golden.MaxAbs(second.Pooled, networks.KohyaGolden("text/pooled_prompt_embeds_lora")),
            0,
            Tolerance
        );
    }

    [Fact]
    public void The_output_with_a_lycoris_locon_is_that_of_merged_weights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        networks.Apply(new LoraFile(LoraNetworks.KohyaFile(LoraNetworks.Sd, "lycoris-locon.safetensors")));

        Assert.InRange(
            Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lycoris_locon")),
            0,
            Tolerance
        );
    }

    /// <summary>The same LoRA with weights 0.3 and 0.7 is that LoRA; one with weight 0 changes nothing.</summary>
    [Fact]
    public void Several_loras_add_up()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        var adapters = networks.Apply(
            new LoraFile(Styled("peft"), 0.3),
            new LoraFile(Styled("attn-procs"), 0.7),
            new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd), 0)
        );

        Assert.Equal(["default", "default_1", "default_2"], adapters.Select(adapter => adapter.Name));
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora"]), 0, Tolerance);
        const string Query = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
        Assert.Equal(
            [
                $"{Query}.weight",
                $"{Query}.lora_A.default.weight",
                $"{Query}.lora_A.default_1.weight",
                $"{Query}.lora_A.default_2.weight",
                $"{Query}.lora_B.default.weight",
                $"{Query}.lora_B.default_1.weight",
                $"{Query}.lora_B.default_2.weight",
            ],
            networks.Parameters("unet").Keys.Where(key => key.StartsWith($"{Query}.", StringComparison.Ordinal))
        );
    }

    internal static string Styled(string style) =>
        GoldenFiles.PathOf($"sd-lora-tiny/lora/{style}/pytorch_lora_weights.safetensors");
}
