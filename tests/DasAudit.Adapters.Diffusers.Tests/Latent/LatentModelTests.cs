using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>
/// Stable Diffusion and SDXL through the contract alone, from real pipeline folders and single files.
/// </summary>
public sealed class LatentModelTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Pipelines => ["sd-lora-tiny", "sdxl-tiny"];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void A_pipeline_folder_predicts_what_the_reference_library_predicts(string name)
    {
        using var model = Load(name);
        using var golden = Golden(name);
        using var noGradient = no_grad();
        var added = golden.TryGet("unet/text_embeds", out _)
            ? (string[])["encoder_hidden_states", "text_embeds", "time_ids"]
            : ["encoder_hidden_states"];
        var condition = new ConditionTensors(added.Select(tensor => (tensor, golden.Read($"unet/{tensor}"))));

        var output = model.Predict(golden.Read("unet/sample"), golden.Read("unet/timesteps"), condition);

        AssertClose(golden.Read("unet/output"), output);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Prompts_are_encoded_as_the_pipelines_encode_them(string name)
    {
        using var model = Load(name);
        using var golden = Golden(name);
        using var noGradient = no_grad();
        var conditions = Prompts(name).Take(2).Select(prompt => new Condition(null, prompt)).ToList();

        var encoded = ((IConditioned)model).EncodeConditions(conditions);

        if (name == "sdxl-tiny")
        {
            AssertClose(golden.Read("text/prompt_embeds"), encoded["encoder_hidden_states"], 2 * Tolerance);
            AssertClose(golden.Read("text/pooled_prompt_embeds"), encoded["text_embeds"]);
            Assert.Equal([32f, 32, 0, 0, 32, 32], encoded["time_ids"][0].data<float>().ToArray());
            return;
        }
        var output = model.Predict(golden.Read("unet/sample"), golden.Read("unet/timesteps"), encoded);
        AssertClose(golden.Read("unet/output_text"), output);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Pictures_become_latents_and_latents_pictures(string name)
    {
        using var model = Load(name);
        using var golden = Golden(name);
        using var noGradient = no_grad();

        AssertClose(golden.Read("vae/latents"), model.Encode(golden.Read("vae/image")));
        AssertClose(golden.Read("vae/decoded"), model.Decode(golden.Read("vae/latents")));
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Building_a_model_leaves_the_global_random_numbers_alone(string name)
    {
        var before = random.get_rng_state();

        Load(name).Dispose();

        Assert.True(before.equal(random.get_rng_state()).all().item<bool>());
    }

    [Fact]
    public void Sizes_follow_the_checkpoint_or_what_is_asked_for()
    {
        using var model = Load("sd-lora-tiny");
        using var larger = Load("sd-lora-tiny", new() { Resolution = 64 });

        Assert.Equal(new ImageShape(4, 16, 16), model.SampleShape);
        Assert.Equal(new ImageShape(3, 32, 32), model.PictureShape);
        Assert.Equal(new ImageShape(4, 32, 32), larger.SampleShape);
        Assert.Equal(new ImageShape(3, 64, 64), larger.PictureShape);
        Assert.Contains(
            "no multiple of 4",
            Assert.Throws<AuditException>(() => Load("sd-lora-tiny", new() { Resolution = 30 })).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("sdxl-tiny", true)]
    [InlineData("sd-lora-tiny", false)]
    public void No_condition_means_zeros_where_the_pipeline_says_so_and_else_the_empty_prompt(string name, bool zeros)
    {
        using var model = Load(name);
        var conditioned = (IConditioned)model;

        var none = conditioned.EncodeConditions([conditioned.Unconditional!]);
        var empty = conditioned.EncodeConditions([new(null, "")]);

        string[] embeddings = ["encoder_hidden_states", "text_embeds"];
        Assert.Equal(zeros ? embeddings : embeddings[..1], embeddings.Where(none.Names.Contains));
        foreach (var embedding in embeddings.Where(none.Names.Contains))
        {
            var expected = zeros ? zeros_like(empty[embedding]) : empty[embedding];
            Assert.True(none[embedding].equal(expected).all().item<bool>(), embedding);
            Assert.False(empty[embedding].equal(0).all().item<bool>(), embedding);
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Before_a_single_file_no_condition_means_what_its_configuration_says(string forceZeros, bool isZero)
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("sdxl-tiny"));
        folder.Write("model_index.json", $$"""{"force_zeros_for_empty_prompt": {{forceZeros}}}""");
        using var model = Load("single-file/sdxl/sdxl-tiny.safetensors", new() { ModelConfig = folder.Path });
        var conditioned = (IConditioned)model;

        var none = conditioned.EncodeConditions([conditioned.Unconditional!])["encoder_hidden_states"];

        Assert.Equal(isZero, none.equal(0).all().item<bool>());
        Assert.Contains(folder["model_index.json"], model.Files);
    }

    [Fact]
    public void Framing_is_what_SDXL_is_told()
    {
        using var model = Load("sdxl-tiny");

        var encoded = ((IConditioned)model).EncodeConditions([
            new(null, "a cat") { Framing = new PictureFraming(480, 640, 0, 80) },
        ]);

        Assert.Equal([480f, 640, 0, 80, 32, 32], encoded["time_ids"][0].data<float>().ToArray());
    }

    [Fact]
    public void What_is_cut_off_a_prompt_is_said()
    {
        using var model = Load("sd-lora-tiny");
        var prompt = string.Join(' ', Enumerable.Repeat("cat", 90));

        Assert.Contains(
            "is cut off",
            Assert.Single(((IConditioned)model).Notes(new(null, prompt))),
            StringComparison.Ordinal
        );
        Assert.Empty(((IConditioned)model).Notes(new(null, "a cat")));
    }

    [Fact]
    public void A_single_file_is_loaded_with_its_configuration()
    {
        const string Xl = "single-file/sdxl/sdxl-tiny.safetensors";
        using var model = Load(Xl, new() { ModelConfig = GoldenFiles.PathOf("sdxl-tiny") });
        using var folder = Load("sdxl-tiny");

        Assert.Equal(Values(folder.Network), Values(model.Network));
        Assert.Contains(GoldenFiles.PathOf(Xl), model.Files);
    }

    [Fact]
    public void A_schedule_that_is_asked_for_is_compared_with_a_stated_one_alone()
    {
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("sdxl-tiny"));
        var options = new ModelLoadOptions { ModelConfig = folder.Path, Schedule = "ddpm-cosine" };
        const string Contradiction = "not the checkpoint's own, which differs";

        using (var stated = Load("single-file/sdxl/sdxl-tiny.safetensors", options))
            Assert.Contains(stated.Assumptions, note => note.Contains(Contradiction, StringComparison.Ordinal));
        Directory.Delete(folder["scheduler"], recursive: true);
        using var assumed = Load("single-file/sdxl/sdxl-tiny.safetensors", options);

        Assert.DoesNotContain(assumed.Assumptions, note => note.Contains(Contradiction, StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_file_is_not_trained_as_a_whole_because_it_cannot_be_written_back()
    {
        var options = new ModelLoadOptions { ModelConfig = GoldenFiles.PathOf("sdxl-tiny"), UntrainedSeed = 1 };

        Assert.Contains(
            "no trained model can be written back",
            Assert.Throws<AuditException>(() => Load("single-file/sdxl/sdxl-tiny.safetensors", options)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Its_weights_are_those_of_all_its_networks()
    {
        using var model = Load("sd-lora-tiny");

        var network = 4 * model.Network.parameters().Sum(parameter => parameter.numel());
        Assert.Equal(4 * 792_964, network);
        // The autoencoder's and the text encoder's files, without their headers.
        Assert.InRange(model.WeightBytes - network, 300_000, 187_564 + 164_312);
    }

    [Fact]
    public void A_saved_pipeline_loads_to_the_same_model_and_a_fresh_one_to_another()
    {
        using var target = new TempFolder();
        using var model = Load("sd-lora-tiny");
        using var untrained = Load("sd-lora-tiny", new() { UntrainedSeed = 3 });

        ((ITrainable)model).Save(target.Path);
        using var saved = new DiffusersAdapter().Load(target.Path, CPU, ModelLoadOptions.Trained);

        Assert.Equal(Values(model.Network), Values(saved.Network));
        Assert.NotEqual(Values(model.Network), Values(untrained.Network));
        Assert.Equal(model.Process.Levels.ToArray(), saved.Process.Levels.ToArray());
    }

    internal static IDiffusionModel Load(string name, ModelLoadOptions? options = null)
    {
        var model = new DiffusersAdapter().Load(GoldenFiles.PathOf(name), CPU, options ?? ModelLoadOptions.Trained);
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    internal static SafetensorsFile Golden(string name) =>
        SafetensorsFile.Open(GoldenFiles.PathOf($"{name}/golden.safetensors"));

    internal static string[] Prompts(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf($"{name}/golden.json")));
        return [.. json.RootElement.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!)];
    }

    internal static void AssertClose(Tensor expected, Tensor actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, tolerance);
    }

    private static float[] Values(nn.Module network) =>
        [.. network.parameters().SelectMany(parameter => parameter.cpu().contiguous().data<float>().ToArray())];
}
