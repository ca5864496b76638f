using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>A pipeline of Stable Diffusion in other forms than the published one.</summary>
public sealed class LatentFolderTests : IDisposable
{
    private const string Scheduler = "scheduler/scheduler_config.json";

    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public LatentFolderTests() => _folder.CopyOf(GoldenFiles.PathOf("sd-lora-tiny"));

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_that_are_given_as_the_model_are_loaded_and_not_those_beside_them()
    {
        var file = _folder["unet/diffusion_pytorch_model.non_ema.safetensors"];
        using (var plain = LatentModelTests.Load("sd-lora-tiny"))
            SafetensorsWriter.Write(
                file,
                plain.Network.named_parameters().Select(named => (named.name, named.parameter.contiguous() * 2))
            );

        using var folder = Load();
        using var given = Load(path: file);

        Assert.Contains(file, given.Files);
        Assert.DoesNotContain(_folder["unet/diffusion_pytorch_model.safetensors.index.json"], given.Files);
        var pairs = folder.Network.parameters().Zip(given.Network.parameters());
        Assert.All(pairs, pair => Assert.True((pair.First * 2).equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void A_trained_pipeline_has_the_schedule_that_it_was_trained_with()
    {
        using var target = new TempFolder();
        using var model = Load(new() { Schedule = "ddpm-cosine:v_prediction" });

        ((ITrainable)model).Save(target.Path);
        using var saved = Load(path: target.Path);

        Assert.Equal(model.Process.Levels.ToArray(), saved.Process.Levels.ToArray());
        Assert.Equal(model.Process.Prediction, saved.Process.Prediction);
        using var index = JsonDocument.Parse(File.ReadAllText(target["model_index.json"]));
        var scheduler = index.RootElement.GetProperty("scheduler").EnumerateArray().Select(item => item.GetString());
        Assert.Equal(["diffusers", "DDPMScheduler"], scheduler);
        Assert.Equal("StableDiffusionPipeline", index.RootElement.GetProperty("_class_name").GetString());
    }

    [Fact]
    public void A_schedule_that_lies_beside_the_index_is_written_too()
    {
        using var target = new TempFolder();
        File.Move(_folder[Scheduler], _folder["scheduler_config.json"]);
        Directory.Delete(_folder["scheduler"]);
        using var model = Load();

        ((ITrainable)model).Save(target.Path);

        Assert.Equal(File.ReadAllText(_folder["scheduler_config.json"]), File.ReadAllText(target[Scheduler]));
        Assert.Equal(File.ReadAllText(_folder["model_index.json"]), File.ReadAllText(target["model_index.json"]));
    }

    [Fact]
    public void What_could_not_be_written_leaves_no_temporary_file()
    {
        using var target = new TempFolder();
        Directory.CreateDirectory(target["vae/config.json"]);
        using var model = Load();

        Assert.Contains(
            "cannot be written",
            Assert.Throws<AuditException>(() => ((ITrainable)model).Save(target.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(target.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_scheduler_that_is_named_but_not_there_may_be_said()
    {
        Directory.Delete(_folder["scheduler"], recursive: true);

        Assert.Equal(
            $"'{_folder["model_index.json"]}' names the scheduler DDIMScheduler, but '{_folder[Scheduler]}' is not "
                + "there; put it there, or say with {schedule} which noise schedule the model was trained with.",
            Assert.Throws<AuditException>(() => Load()).Message
        );
        using var model = Load(new() { Schedule = "sd-scaled-linear" });
        using var published = LatentModelTests.Load("sd-lora-tiny");

        Assert.Equal(published.Process.Levels.ToArray(), model.Process.Levels.ToArray());
    }

    [Fact]
    public void A_text_encoder_that_was_trained_with_the_unet_is_taken()
    {
        WriteTrainedCheckpoint();

        using var trained = Load(path: _folder["checkpoint-500"]);

        Assert.Contains(_folder["checkpoint-500/text_encoder/model.safetensors"], trained.Files);
        Assert.DoesNotContain(_folder["text_encoder/model.safetensors"], trained.Files);
        Assert.Contains(
            $"'{_folder["checkpoint-500"]}' holds text_encoder beside its U-Net; it was taken, not that of "
                + $"'{_folder.Path}'.",
            trained.Assumptions
        );
        using (var pipeline = Load())
            Assert.False(Text(trained).allclose(Text(pipeline)));
        File.Copy(
            _folder["checkpoint-500/text_encoder/model.safetensors"],
            _folder["text_encoder/model.safetensors"],
            overwrite: true
        );
        using var replaced = Load();
        Assert.True(Text(trained).equal(Text(replaced)).all().item<bool>());
    }

    [Fact]
    public void A_trained_text_encoder_is_written_into_the_pipeline_of_what_is_trained_from_it()
    {
        WriteTrainedCheckpoint();
        using var target = new TempFolder();
        using var trained = Load(path: _folder["checkpoint-500"]);

        ((ITrainable)trained).Save(target.Path);

        Assert.Equal(
            File.ReadAllBytes(_folder["checkpoint-500/text_encoder/model.safetensors"]),
            File.ReadAllBytes(target["text_encoder/model.safetensors"])
        );
    }

    // As a training script of the reference library writes its checkpoints into the folder of the pipeline.
    private void WriteTrainedCheckpoint()
    {
        foreach (var part in (string[])["unet", "text_encoder"])
        foreach (var file in Directory.GetFiles(_folder[part]))
            File.Copy(file, _folder.At($"checkpoint-500/{part}/{Path.GetFileName(file)}"));
        using var plain = SafetensorsFile.Open(_folder["text_encoder/model.safetensors"]);
        SafetensorsWriter.Write(
            _folder["checkpoint-500/text_encoder/model.safetensors"],
            plain.Names.Select(name => (name, plain.Read(name) * 2))
        );
    }

    private static Tensor Text(IDiffusionModel model) =>
        ((IConditioned)model).EncodeConditions([new Condition(null, "a cat")])["encoder_hidden_states"];

    private IDiffusionModel Load(ModelLoadOptions? options = null, string? path = null) =>
        new DiffusersAdapter().Load(path ?? _folder.Path, CPU, options ?? ModelLoadOptions.Trained);
}
