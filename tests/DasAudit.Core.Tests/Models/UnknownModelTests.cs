using DasAudit.Abstractions;
using DasAudit.Core.Models;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Models;

/// <summary>What is said of a path that is no model which an adapter knows.</summary>
public sealed class UnknownModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "model_index.json",
        """
            {"_class_name": "StableDiffusionXLPipeline", "_diffusers_version": "0.19", "unet": ["diffusers", "U"],
             "vae": ["diffusers", "A"], "safety_checker": [null, null], "force_zeros_for_empty_prompt": true}
            """,
        "a StableDiffusionXLPipeline (unet, vae)"
    )]
    [InlineData("config.json", """{"_class_name": "FluxTransformer2DModel"}""", "a FluxTransformer2DModel")]
    [InlineData(
        "config.json",
        """{"architectures": ["CLIPModel"]}""",
        "a model of the library transformers (CLIPModel)"
    )]
    [InlineData(
        "adapter_config.json",
        "{}",
        "a LoRA, which changes the weights of another model (give that as {model} and the LoRA as {lora})"
    )]
    [InlineData(
        "snapshots/abc/model_index.json",
        "{}",
        "a folder of the Hugging Face cache; a model is a folder in its 'snapshots'"
    )]
    [InlineData(
        "transformer/config.json",
        """{"_class_name": "FluxTransformer2DModel"}""",
        "a folder that holds 'transformer', a FluxTransformer2DModel"
    )]
    [InlineData("scheduler/config.json", "{}", "a folder that holds 'scheduler'")]
    [InlineData(
        "model.ckpt",
        "PK",
        "a folder with 'model.ckpt', a pickle of PyTorch weights, which may run any code when it is read"
    )]
    public void A_folder_is_told_by_its_small_files(string file, string text, string expected)
    {
        _folder.Write($"given/{file}", text);

        Assert.Equal(expected, UnknownModel.Describe(_folder["given"]));
    }

    [Theory]
    [InlineData("unet.down_blocks.0.attentions.0.to_q.lora_A.weight", "a LoRA")]
    [InlineData("lora_unet_down_blocks_0_to_q.lora_down.weight", "a LoRA")]
    [InlineData("conditioner.embedders.0.transformer.x", "a Stable Diffusion XL checkpoint in a single file")]
    [InlineData("cond_stage_model.transformer.x", "a Stable Diffusion checkpoint in a single file")]
    [InlineData("model.diffusion_model.joint_blocks.0.x", "a Stable Diffusion 3 checkpoint in a single file")]
    [InlineData("double_blocks.0.img_attn.qkv.weight", "a Flux checkpoint in a single file")]
    [InlineData("down_blocks.0.resnets.0.conv1.weight", "weights of a U-Net without the config.json")]
    [InlineData("something.else", "weights without the config.json")]
    public void A_file_of_weights_is_told_by_its_names(string tensorName, string expected)
    {
        using var scope = NewDisposeScope();
        var path = _folder.At("lora/weights.safetensors");
        SafetensorsWriter.Write(path, [(tensorName, zeros(1))]);

        Assert.StartsWith(expected, UnknownModel.Describe(path), StringComparison.Ordinal);
        Assert.StartsWith(
            $"a folder with 'weights.safetensors', {expected}",
            UnknownModel.Describe(_folder["lora"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("x.safetensors", "a file of weights that cannot be read ('")]
    [InlineData("x.onnx", "an ONNX graph")]
    [InlineData("x.json", "a configuration file")]
    [InlineData("x.txt", "a file; a model is the folder of a checkpoint")]
    public void Other_files_are_told_by_their_ending(string name, string expected) =>
        Assert.StartsWith(expected, UnknownModel.Describe(_folder.Write(name, "junk")), StringComparison.Ordinal);

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("config.json")]
    [InlineData("weights.safetensors")]
    public void A_Git_LFS_pointer_is_refused_as_one(string name)
    {
        var path = _folder.Write(
            $"given/{name}",
            $"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        );

        Assert.Equal(
            $"'{path}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.",
            Assert.Throws<AuditException>(() => UnknownModel.Describe(_folder["given"])).Message
        );
    }

    [Fact]
    public void Of_what_says_nothing_nothing_is_said()
    {
        Assert.Equal("an empty folder", UnknownModel.Describe(_folder.Path));
        _folder.Write("given/notes.txt", "");
        Assert.Null(UnknownModel.Describe(_folder["given"]));
        _folder.Write("given/config.json", "{ broken");
        Assert.Null(UnknownModel.Describe(_folder["given"]));
    }
}
