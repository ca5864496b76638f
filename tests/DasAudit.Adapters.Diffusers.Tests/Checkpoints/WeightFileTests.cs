using DasAudit.Core.Models;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>The same weights under other names, in several files, and what cannot be decided.</summary>
public sealed class WeightFileTests : IDisposable
{
    private const string Half = "diffusion_pytorch_model.fp16.safetensors";

    private readonly Written _written = new();

    public void Dispose() => _written.Dispose();

    [Theory]
    [InlineData(Half)]
    [InlineData("diffusion_pytorch_model.non_ema.safetensors")]
    [InlineData("diffusion_pytorch_model.bf16.safetensors")]
    public void A_variant_alone_is_loaded(string name)
    {
        _written.Weights(name);

        _written.AssertSame();
        using var model = _written.Load();
        Assert.Contains(_written[$"unet/{name}"], model.Files);
    }

    [Fact]
    public void Half_precision_of_a_variant_is_widened()
    {
        using var scope = NewDisposeScope();
        _written.Weights(Half, _written.Tensors.Select(Written.Half));

        using var model = _written.Load();

        var loaded = model.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.All(
            _written.Tensors.Select(Written.Half),
            entry => Assert.True(entry.Tensor.to(ScalarType.Float32).equal(loaded[entry.Name]).all().item<bool>())
        );
    }

    [Fact]
    public void The_plain_file_wins_over_a_variant_beside_it()
    {
        _written.Weights(Written.Plain);
        _written.Weights(Half, _written.Tensors.Select(entry => (entry.Name, zeros_like(entry.Tensor))));

        _written.AssertSame();
    }

    [Fact]
    public void Of_several_variants_none_is_chosen_but_one_can_be_given_as_the_model()
    {
        _written.Weights(Half);
        _written.Weights(
            "diffusion_pytorch_model.non_ema.safetensors",
            _written.Tensors.Select(entry => (entry.Name, zeros_like(entry.Tensor)))
        );

        var message = _written.Refusal();

        Assert.Contains($"{Half} and diffusion_pytorch_model.non_ema.safetensors", message, StringComparison.Ordinal);
        Assert.Contains("give the path of the one that is meant as the model", message, StringComparison.Ordinal);
        _written.AssertSame($"unet/{Half}");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("ema-500.safetensors")]
    public void A_file_of_another_name_is_named_and_can_be_given_as_the_model(string name)
    {
        _written.Weights(name);

        Assert.Contains($"but {name}; give the path", _written.Refusal(), StringComparison.Ordinal);
        _written.AssertSame($"unet/{name}");
    }

    [Fact]
    public void Shards_are_read_as_their_index_says()
    {
        _written.Shards();

        _written.AssertSame();
        _written.AssertSame($"unet/{Written.Index}");
        using var model = _written.Load();
        Assert.Contains(_written[$"unet/{Written.Index}"], model.Files);
        Assert.Equal(2, model.Files.Count(file => file.Contains("-of-00002", StringComparison.Ordinal)));
    }

    [Fact]
    public void Shards_of_a_variant_as_diffusers_0_40_wrote_them_predict_what_it_predicted()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = SafetensorsFile.Open(GoldenFiles.PathOf("layouts/golden.safetensors"));

        using var model = Golden.Load(GoldenFiles.PathOf("layouts/sharded-variant-fp16"));

        var output = model.Predict(golden.Read("sample"), golden.Read("timesteps"));
        Assert.InRange(Golden.MaxAbs(output, golden.Read("output")), 0, 1e-4);
        Assert.Empty(model.Assumptions);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        _written.Shards();
        File.Delete(_written["unet/diffusion_pytorch_model-00002-of-00002.safetensors"]);

        Assert.Contains(
            "names the shard 'diffusion_pytorch_model-00002-of-00002.safetensors', which is not there",
            _written.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/inside.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    public void A_shard_that_is_no_file_beside_the_index_is_refused(string name)
    {
        _written.Shards(map => map["conv_in.bias"] = name);

        Assert.Contains(
            $"the tensor 'conv_in.bias' is in '{name}', which is no file beside the index",
            _written.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tensor_that_is_not_in_its_shard_is_named()
    {
        _written.Shards(map => map["conv_in.bias"] = map["conv_in.weight"]!.GetValue<string>());

        var message = _written.Refusal();

        Assert.Contains("does not hold the tensor 'conv_in.bias'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_the_index_does_not_name_is_named()
    {
        _written.Shards(map => map.Remove("conv_in.bias"));

        Assert.Contains("holds the tensor 'conv_in.bias', which", _written.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_without_a_map_and_shards_without_an_index_are_refused()
    {
        _written.Shards();
        _written.Text($"unet/{Written.Index}", "{}");
        Assert.Contains("lacks the object weight_map", _written.Refusal(), StringComparison.Ordinal);

        File.Delete(_written[$"unet/{Written.Index}"]);
        Assert.Contains("but not the index that lists them", _written.Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "is one shard of several",
            _written.Refusal("unet/diffusion_pytorch_model-00001-of-00002.safetensors"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_whole_file_and_shards_beside_each_other_are_not_decided_between()
    {
        _written.Shards();
        _written.Weights(Written.Plain);

        Assert.Contains($"{Written.Plain} and {Written.Index}", _written.Refusal(), StringComparison.Ordinal);
        _written.AssertSame($"unet/{Written.Plain}");
    }

    [Theory]
    [InlineData("_orig_mod.")]
    [InlineData("module.")]
    [InlineData("module._orig_mod.")]
    [InlineData("_orig_mod.module.")]
    public void A_prefix_that_a_wrapper_gave_to_all_names_is_taken_off(string prefix)
    {
        _written.Weights(Written.Plain, _written.Tensors.Select(entry => (prefix + entry.Name, entry.Tensor)));

        _written.AssertSame();
    }

    [Fact]
    public void A_prefix_of_some_names_is_not_taken_off()
    {
        _written.Weights(
            Written.Plain,
            _written.Tensors.Select((entry, i) => ((i == 0 ? "" : "module.") + entry.Name, entry.Tensor))
        );

        Assert.Contains("holds the tensor 'module.", _written.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, true)]
    public void The_tensor_that_holds_what_is_not_finite_is_named(double value, bool half)
    {
        const string Name = "mid_block.resnets.0.conv1.weight";
        _written.Weights(
            Written.Plain,
            _written.Tensors.Select(entry =>
            {
                var changed = entry.Tensor.clone();
                if (entry.Name == Name)
                    changed[1, 2, 0, 0] = tensor((float)value);
                return (entry.Name, half ? changed.to(ScalarType.Float16) : changed);
            })
        );

        Assert.Contains(
            $"{Written.Plain}' holds values that are not finite (NaN or infinity) in the tensor '{Name}'",
            _written.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("unet/" + Written.Plain)]
    [InlineData("unet/config.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("model_index.json")]
    [InlineData("unet/diffusion_pytorch_model-00001-of-00002.safetensors")]
    [InlineData("unet/" + Written.Index)]
    public void A_Git_LFS_pointer_is_called_one(string file)
    {
        if (file.Contains("-of-", StringComparison.Ordinal) || file.EndsWith(Written.Index, StringComparison.Ordinal))
            _written.Shards();
        else
            _written.Weights(Written.Plain);
        _written.Text(
            file,
            $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 3554214621\n"
        );

        Assert.Equal(
            $"'{_written[file]}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.",
            _written.Refusal()
        );
    }

    [Fact]
    public void The_hash_covers_every_shard_and_the_index()
    {
        _written.Shards();
        var hash = Hash();
        using var scope = NewDisposeScope();
        const string Shard = "diffusion_pytorch_model-00002-of-00002.safetensors";
        List<(string Name, Tensor Tensor)> tensors;
        using (var file = SafetensorsFile.Open(_written[$"unet/{Shard}"]))
            tensors = [.. file.Names.Select(name => (name, file.Read(name)))];
        _written.Weights(Shard, tensors.Select(entry => (entry.Name, entry.Tensor * 2)));

        var changed = Hash();
        Assert.NotEqual(hash, changed);
        File.AppendAllText(_written[$"unet/{Written.Index}"], "\n");
        Assert.NotEqual(changed, Hash());
    }

    private string Hash()
    {
        using var model = _written.Load();
        return ModelSource.Hash(model);
    }
}
