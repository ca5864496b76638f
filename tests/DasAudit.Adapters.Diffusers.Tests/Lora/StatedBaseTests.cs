using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Lora;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>What files say of their base, held against models with the widths of published ones.</summary>
public class StatedBaseTests
{
    [Theory]
    [InlineData(768, "sd_v1", null)]
    [InlineData(
        768,
        "sd_v2",
        "2.x (ss_base_model_version sd_v2), but the model has the shapes of Stable Diffusion 1.x;"
    )]
    [InlineData(
        1024,
        "sd_v1",
        "1.x (ss_base_model_version sd_v1), but the model has the shapes of Stable Diffusion 2.x;"
    )]
    [InlineData(32, "sd_v2", null)]
    public void Another_version_that_fits_all_the_same_is_noted(int textWidth, string version, string? note)
    {
        using var unet = Unet(textWidth);
        var model = new LoraBase([new(LoraComponent.Unet, unet)], PredictsVelocity: false);
        var stated = StatedBase.Of(new Dictionary<string, string> { ["ss_base_model_version"] = version }, null);

        stated.RefuseOther("lora.safetensors", model);
        var notes = stated.Notes("lora.safetensors", model);

        if (note is null)
            Assert.Empty(notes);
        else
            Assert.Contains(note, Assert.Single(notes));
    }

    [Theory]
    [InlineData("modelspec.architecture", "stable-diffusion-xl-v1-base/lora")]
    [InlineData("ss_base_model_version", "sdxl_base_v1-0")]
    public void Sdxl_is_told_by_either_setting(string key, string value)
    {
        var stated = StatedBase.Of(new Dictionary<string, string> { [key] = value }, "stabilityai/base");

        Assert.Equal(BaseKind.StableDiffusionXl, stated.Kind);
        Assert.Equal(
            $"; the file says that it was made for {key} {value}, base_model_name_or_path stabilityai/base",
            stated.Clause
        );
    }

    private static UNet2DConditionModel Unet(int textWidth)
    {
        var path = GoldenFiles.PathOf("sd-lora-tiny/unet/config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["cross_attention_dim"] = textWidth;
        return new(UNet2DConditionConfig.Read(JsonConfig.Parse(path, json.ToJsonString())));
    }
}
