using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>The parts of a pipeline folder in the ways that libraries write them.</summary>
public sealed class PipelinePartTests : IDisposable
{
    private const string Plain = "model.safetensors";
    private const string Positions = "text_model.embeddings.position_ids";

    private readonly TempFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly List<(string Name, Tensor Tensor)> _tensors;

    public PipelinePartTests()
    {
        _folder.CopyOf(GoldenFiles.PathOf("sd-lora-tiny"));
        using (var file = SafetensorsFile.Open(_folder[$"text_encoder/{Plain}"]))
            _tensors = [.. file.Names.Where(name => name != Positions).Select(name => (name, file.Read(name)))];
        File.Delete(_folder[$"text_encoder/{Plain}"]);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData("model.fp16.safetensors")]
    public void A_text_encoder_is_read_from_its_plain_file_or_its_only_variant(string name)
    {
        Write(name, _tensors);

        AssertLoads();
    }

    [Theory]
    [InlineData("model-0000{0}-of-00002.safetensors", "model.safetensors.index.json")]
    [InlineData("model.fp16-0000{0}-of-00002.safetensors", "model.safetensors.index.fp16.json")]
    public void A_text_encoder_is_read_from_shards(string shardName, string indexName)
    {
        var map = new Dictionary<string, string>();
        for (var shard = 0; shard < 2; shard++)
        {
            var name = string.Format(System.Globalization.CultureInfo.InvariantCulture, shardName, shard + 1);
            var part = _tensors.Where((_, i) => i % 2 == shard).ToList();
            Write(name, part);
            foreach (var (tensor, _) in part)
                map[tensor] = name;
        }
        _folder.Write($"text_encoder/{indexName}", System.Text.Json.JsonSerializer.Serialize(new { weight_map = map }));

        AssertLoads();
    }

    [Fact]
    public void Positions_that_older_files_list_are_passed_over()
    {
        Write(Plain, [.. _tensors, (Positions, arange(77).unsqueeze(0))]);

        AssertLoads();
    }

    [Fact]
    public void Floating_point_types_may_be_mixed()
    {
        var half = _tensors.Select(
            (entry, i) => i % 2 == 0 ? entry : (entry.Name, entry.Tensor.to(ScalarType.Float16))
        );
        Write(Plain, half);

        using var encoder = Load();

        Assert.All(encoder.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void Quantised_weights_are_refused()
    {
        Write(Plain, _tensors.Select((entry, i) => i > 0 ? entry : (entry.Name, entry.Tensor.to(ScalarType.Int8))));

        Assert.Contains("quantised weights are not supported", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_autoencoder_with_the_names_of_older_versions_is_read()
    {
        (string New, string Old)[] names =
        [
            (".to_q.", ".query."),
            (".to_k.", ".key."),
            (".to_v.", ".value."),
            (".to_out.0.", ".proj_attn."),
        ];
        var part = PipelinePart.Find(_folder.Path, "vae", WeightFile.Diffusers);
        using var expected = LoadVae(part);
        List<(string Name, Tensor Tensor)> tensors;
        using (var file = SafetensorsFile.Open(part.FindWeights().Path))
            tensors = [.. file.Names.Select(name => (name, file.Read(name)))];
        SafetensorsWriter.Write(
            _folder[$"vae/{WeightFile.Plain}"],
            tensors.Select(entry =>
                (names.Aggregate(entry.Name, (n, pair) => n.Replace(pair.New, pair.Old)), entry.Tensor)
            )
        );

        using var actual = LoadVae(part);

        foreach (var (one, other) in expected.parameters().Zip(actual.parameters()))
            Assert.True(one.equal(other).all().item<bool>());
    }

    [Fact]
    public void What_is_missing_is_named_in_one_sentence()
    {
        Assert.Equal($"'{_folder["text_encoder"]}' holds no {Plain}; put the trained weights there.", Refusal());

        Write("model.fp16.safetensors", _tensors);
        Write("model.non_ema.safetensors", _tensors);
        Assert.Equal(
            $"'{_folder["text_encoder"]}' holds model.fp16.safetensors and model.non_ema.safetensors; call the one "
                + $"that is meant {Plain}.",
            Refusal()
        );

        File.Delete(_folder["text_encoder/config.json"]);
        Assert.Equal($"'{_folder["text_encoder"]}' holds no config.json; get the whole pipeline.", Refusal());

        Directory.Delete(_folder["text_encoder"], recursive: true);
        Assert.Equal(
            $"'{_folder.Path}' lacks the folder text_encoder with a part that the pipeline needs; get the whole "
                + "pipeline.",
            Refusal()
        );
    }

    private void Write(string name, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        SafetensorsWriter.Write(_folder.At($"text_encoder/{name}"), tensors);

    private string Refusal() => Assert.Throws<AuditException>(() => Load().Dispose()).Message;

    private ClipTextModel Load()
    {
        var part = PipelinePart.Find(_folder.Path, "text_encoder", WeightFile.Transformers);
        var encoder = new ClipTextModel(ClipTextConfig.Read(part.ReadConfig(), className: null));
        using var files = TensorFiles.Open(part.FindWeights());
        Weights.Load(encoder, files);
        return encoder;
    }

    private static AutoencoderKL LoadVae(PipelinePart part)
    {
        var vae = new AutoencoderKL(AutoencoderKLConfig.Read(part.ReadConfig()));
        using var files = TensorFiles.Open(part.FindWeights());
        Weights.Load(vae, files);
        return vae;
    }

    private void AssertLoads()
    {
        using var encoder = Load();
        var loaded = encoder.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.Equal(_tensors.Count, loaded.Count);
        Assert.All(_tensors, entry => Assert.True(entry.Tensor.equal(loaded[entry.Name]).all().item<bool>()));
    }
}
