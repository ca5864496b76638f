namespace DasAudit.Core.Tests.Pictures.Generation;

/// <remarks>The graphs are written by hand as ComfyUI's published code writes them.</remarks>
public sealed class ComfyGraphTests : IDisposable
{
    private readonly GenerationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("KSampler", "seed")]
    [InlineData("KSamplerAdvanced", "noise_seed")]
    public void A_graph_of_comfyui_is_followed_to_its_texts(string type, string seed)
    {
        var facts = _files.Facts(
            TextFiles.Png(
                (
                    "prompt",
                    """
                    {"3": {"class_type": "TYPE", "inputs": {"SEED": 18446744073709551615, "steps": 25, "cfg": 6.5,
                      "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": NaN, "model": ["10", 0],
                        "positive": ["12", 0],
                      "negative": ["7", 0], "latent_image": ["5", 0]}},
                    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15/base.safetensors"}},
                    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 640, "height": 512, "batch_size": 1}},
                    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["11", 0], "clip": ["10", 1]}},
                    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["10", 1]}},
                    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
                    "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "cat.safetensors", "strength_model": 0.7,
                      "strength_clip": 1, "model": ["4", 0], "clip": ["4", 1]}},
                    "11": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a cat"}},
                    "12": {"class_type": "ControlNetApply", "inputs": {"conditioning": ["6", 0], "strength": 1}}}
                    """.Replace("TYPE", type, StringComparison.Ordinal).Replace("SEED", seed, StringComparison.Ordinal)
                )
            )
        );
        Assert.Equal(("a cat", "blurry"), (facts.Prompt, facts.NegativePrompt));
        Assert.Equal((18446744073709551615m, 25, 6.5), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal(("dpmpp_2m", "sd15/base.safetensors"), (facts.Sampler, facts.Model));
        Assert.Equal((640, 512), facts.Size);
        Assert.Equal([new("cat.safetensors", 0.7)], facts.Loras);
        Assert.Equal("PNG text 'prompt'", facts.Source);
    }

    [Fact]
    public void Of_two_samplers_the_last_counts_and_sdxls_texts_are_read()
    {
        var facts = _files.Facts(
            TextFiles.Png(
                (
                    "prompt",
                    """
                    {"1": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 5, "positive": ["3", 0],
                      "negative": ["4", 0],
                      "latent_image": ["9", 0]}},
                    "2": {"class_type": "KSampler", "inputs": {"seed": 2, "steps": 6, "positive": ["5", 0],
                      "negative": ["4", 0],
                      "latent_image": ["1", 0]}},
                    "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "first"}},
                    "4": {"class_type": "ConditioningZeroOut", "inputs": {"conditioning": ["3", 0]}},
                    "5": {"class_type": "CLIPTextEncodeSDXL", "inputs": {"width": 1024, "text_g": "second",
                      "text_l": "second"}}}
                    """
                )
            )
        );
        Assert.Equal(("second", "", 2m, 6), (facts.Prompt, facts.NegativePrompt, facts.Seed, facts.Steps));
    }

    [Fact]
    public void A_graph_with_a_guider_is_followed_too()
    {
        var facts = _files.Facts(
            TextFiles.Png(
                (
                    "prompt",
                    """
                    {"13": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["25", 0], "guider": ["22", 0],
                      "sampler": ["16", 0], "sigmas": ["17", 0]}},
                    "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
                    "17": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 20,
                      "model": ["12", 0]}},
                    "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux.safetensors"}},
                    "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
                    "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
                    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", "clip": ["11", 0]}},
                    "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 42}}}
                    """
                )
            )
        );
        Assert.Equal(("a cat", 42m, 20), (facts.Prompt, facts.Seed, facts.Steps));
        Assert.Equal(("euler", "flux.safetensors"), (facts.Sampler, facts.Model));
    }

    [Fact]
    public void A_graph_that_runs_in_a_circle_ends()
    {
        var reading = _files.Read(
            "a.png",
            TextFiles.Png(
                (
                    "prompt",
                    """
                    {"1": {"class_type": "KSampler", "inputs": {"seed": 1, "positive": ["2", 0],
                      "latent_image": ["1", 0],
                      "model": ["3", 0]}},
                    "2": {"class_type": "X", "inputs": {"conditioning": ["2", 0], "text": ["2", 0]}},
                    "3": {"class_type": "Y", "inputs": {"model": ["3", 0]}}}
                    """
                )
            )
        );
        Assert.Null(reading.Facts!.Prompt);
        Assert.Equal(1, reading.Facts.Seed);
    }

    [Fact]
    public void The_users_form_of_comfyuis_graph_is_read_where_the_other_is_not_there()
    {
        var facts = _files.Facts(
            TextFiles.Png(
                (
                    "workflow",
                    """
                    {"last_node_id": 9, "nodes": [
                      {"id": 3, "type": "KSampler", "inputs": [{"name": "model", "type": "MODEL", "link": 1},
                        {"name": "positive", "type": "CONDITIONING", "link": 4}, {"name": "negative",
                          "type": "CONDITIONING", "link": 6},
                        {"name": "latent_image", "type": "LATENT", "link": 2}],
                        "widgets_values": [156680208700286, "randomize", 20, 8, "euler", "normal", 1]},
                      {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5.ckpt"]},
                      {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 384, 1]},
                      {"id": 6, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "type": "CLIP", "link": 3}],
                        "widgets_values": ["a bottle"]},
                      {"id": 7, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "type": "CLIP", "link": 5}],
                        "widgets_values": ["text, watermark"]}],
                    "links": [[1, 4, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [3, 4, 1, 6, 0, "CLIP"],
                      [4, 6, 0, 3, 1, "CONDITIONING"], [5, 4, 1, 7, 0, "CLIP"], [6, 7, 0, 3, 2, "CONDITIONING"]]}
                    """
                )
            )
        );
        Assert.Equal(("a bottle", "text, watermark"), (facts.Prompt, facts.NegativePrompt));
        Assert.Equal((156680208700286m, 20, 8.0), (facts.Seed, facts.Steps, facts.Guidance));
        Assert.Equal(("euler", "v1-5.ckpt", (512, 384)), (facts.Sampler, facts.Model, facts.Size));
    }
}
