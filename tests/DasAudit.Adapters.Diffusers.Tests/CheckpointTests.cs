using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>Saving, and where the parts of a checkpoint may lie.</summary>
public class CheckpointTests
{
    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_saved_model_loads_bit_for_bit_and_predicts_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TempFolder();
        using var golden = new Golden(name);

        ((ITrainable)golden.Model).Save(folder.Path);
        using var again = Golden.Load(folder.Path);

        foreach (
            var ((savedName, saved), (loadedName, loaded)) in golden
                .Unet.named_parameters()
                .Zip(again.Network.named_parameters())
        )
        {
            Assert.Equal(savedName, loadedName);
            Assert.True(saved.equal(loaded).all().item<bool>(), savedName);
        }
        Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict(again)));
        Assert.Equal(golden.Model.Sampling, again.Sampling);
        Assert.Equal(golden.Model.Process.Prediction, again.Process.Prediction);
        Assert.True(golden.Model.Process.Levels.SequenceEqual(again.Process.Levels));
    }

    [Fact]
    public void Saving_writes_the_reference_librarys_layout_with_the_configuration_as_loaded()
    {
        using var folder = new TempFolder();
        using var golden = new Golden("ddpm-tiny");

        ((ITrainable)golden.Model).Save(folder.Path);

        foreach (var file in new[] { "model_index.json", "unet/config.json", "scheduler/scheduler_config.json" })
            Assert.Equal(File.ReadAllText(Path.Combine(golden.Folder, file)), File.ReadAllText(folder[file]));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(golden.Folder, "unet/diffusion_pytorch_model.safetensors")),
            File.ReadAllBytes(folder["unet/diffusion_pytorch_model.safetensors"])
        );
        Assert.Equal(4, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Half_precision_halves_the_file_and_loads_as_float32_of_the_rounded_weights()
    {
        using var scope = NewDisposeScope();
        using var folder = new TempFolder();
        using var golden = new Golden("ddpm-tiny");

        ((ITrainable)golden.Model).Save(folder.Path, halfPrecision: true);
        using var again = Golden.Load(folder.Path);

        using var weights = SafetensorsFile.Open(folder["unet/diffusion_pytorch_model.safetensors"]);
        Assert.All(weights.Names, name => Assert.Equal(ScalarType.Float16, weights.Get(name).Type));
        foreach (var (saved, loaded) in golden.Unet.parameters().Zip(again.Network.parameters()))
        {
            Assert.Equal(ScalarType.Float32, loaded.dtype);
            Assert.True(saved.to(ScalarType.Float16).to(ScalarType.Float32).equal(loaded).all().item<bool>());
        }
    }

    [Fact]
    public void BFloat16_weights_are_widened_to_float32()
    {
        using var scope = NewDisposeScope();
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        var path = folder["unet/diffusion_pytorch_model.safetensors"];
        List<(string, Tensor)> rounded;
        using (var original = SafetensorsFile.Open(path))
            rounded = [.. original.Names.Select(name => (name, original.Read(name, ScalarType.BFloat16)))];
        SafetensorsWriter.Write(path, rounded);

        using var model = Golden.Load(folder.Path);

        var loaded = model.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.All(
            rounded,
            entry => Assert.True(entry.Item2.to(ScalarType.Float32).equal(loaded[entry.Item1]).all().item<bool>())
        );
    }

    [Fact]
    public void Files_are_the_absolute_paths_of_weights_and_configuration()
    {
        using var golden = new Golden("ddpm-tiny");

        Assert.Equal(
            [
                .. new[]
                {
                    "scheduler/scheduler_config.json",
                    "unet/config.json",
                    "unet/diffusion_pytorch_model.safetensors",
                }.Select(file => Path.Combine(golden.Folder, file)),
            ],
            golden.Model.Files.Order()
        );
    }

    [Fact]
    public void A_bare_model_folder_takes_the_scheduler_beside_it()
    {
        using var folder = new TempFolder();
        var unet = Path.Combine(folder.CopyOf(GoldenFiles.PathOf("ddpm-celeba-like/class-cond")), "unet");

        Assert.True(new DiffusersAdapter().CanLoad(unet));
        using var model = Golden.Load(unet);

        Assert.Equal("v_prediction", model.Process.Prediction);
        Assert.Contains(folder["scheduler/scheduler_config.json"], model.Files);
    }

    [Fact]
    public void A_model_without_a_scheduler_gets_the_reference_librarys_defaults_and_saves_as_a_whole_pipeline()
    {
        using var folder = new TempFolder();
        var unet = Path.Combine(folder.CopyOf(GoldenFiles.PathOf("ddpm-celeba-like/class-cond")), "unet");
        Directory.Delete(folder["scheduler"], recursive: true);
        File.Delete(folder["model_index.json"]);

        using var model = Golden.Load(unet);
        ((ITrainable)model).Save(folder["saved"]);
        using var again = Golden.Load(folder["saved"]);

        Assert.Equal("epsilon", model.Process.Prediction);
        Assert.Equal(new SamplingSettings(), model.Sampling);
        Assert.True(NoiseSchedule.Linear(1000).Betas.SequenceEqual(model.Process.Levels));
        using var index = JsonDocument.Parse(File.ReadAllText(folder["saved/model_index.json"]));
        Assert.Equal("DDPMPipeline", index.RootElement.GetProperty("_class_name").GetString());
        Assert.True(again.Process.Levels.SequenceEqual(model.Process.Levels));
    }

    [Fact]
    public void A_pipeline_whose_files_lie_in_its_root_loads_as_older_ones_on_the_Hub_do()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        foreach (var file in Directory.GetFiles(folder["unet"]).Concat(Directory.GetFiles(folder["scheduler"])))
            File.Move(file, folder[Path.GetFileName(file)]);
        Directory.Delete(folder["unet"]);
        Directory.Delete(folder["scheduler"]);
        using var golden = new Golden("ddpm-tiny");

        using var model = Golden.Load(folder.Path);

        Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict(model)));
        Assert.Equal(VarianceType.FixedLarge, model.Sampling.VarianceType);
    }

    [Fact]
    public void The_published_CIFAR_10_models_size_is_built_saved_and_loaded()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TempFolder();
        var config = File.ReadAllText(Path.Combine(GoldenFiles.PathOf("ddpm-tiny"), "unet/config.json"))
            .Replace("\"norm_num_groups\": 4", "\"norm_num_groups\": 32", StringComparison.Ordinal);
        folder.Write(
            "model/config.json",
            config[..config.IndexOf("\"block_out_channels\"", StringComparison.Ordinal)]
                + "\"block_out_channels\": [128, 256, 256, 256"
                + config[config.IndexOf(']', StringComparison.Ordinal)..]
        );

        using var model = Golden.Load(folder["model"], untrainedSeed: 1);
        Assert.Equal(35_746_307, model.Network.parameters().Sum(parameter => parameter.NumberOfElements));
        ((ITrainable)model).Save(folder["saved"]);
        using var again = Golden.Load(folder["saved"]);

        var (sample, timesteps) = (ones(1, 3, 32, 32) * 0.5, tensor(new long[] { 10 }));
        var output = model.Predict(sample, timesteps);
        Assert.True(output.std().item<float>() > 1e-3);
        Assert.Equal(0, Golden.MaxAbs(output, again.Predict(sample, timesteps)));
    }
}
