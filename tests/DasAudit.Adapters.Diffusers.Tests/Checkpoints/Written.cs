using System.Text.Json.Nodes;
using DasAudit.Abstractions;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>The checkpoint ddpm-tiny, written in another way.</summary>
internal sealed class Written : IDisposable
{
    internal const string Plain = "diffusion_pytorch_model.safetensors";
    internal const string Index = Plain + ".index.json";

    private readonly TempFolder _folder = new();
    private readonly List<(string Name, Tensor Tensor)> _tensors;

    /// <summary>Copies all of it but the weights.</summary>
    internal Written()
    {
        _folder.CopyOf(GoldenFiles.PathOf("ddpm-tiny"));
        using (var file = SafetensorsFile.Open(this[$"unet/{Plain}"]))
            _tensors = [.. file.Names.Select(name => (name, file.Read(name)))];
        File.Delete(this[$"unet/{Plain}"]);
    }

    internal string Path => _folder.Path;

    internal string this[string relative] => _folder[relative];

    internal IEnumerable<(string Name, Tensor Tensor)> Tensors => _tensors;

    internal static (string Name, Tensor Tensor) Half((string Name, Tensor Tensor) entry) =>
        (entry.Name, entry.Tensor.to(ScalarType.Float16));

    /// <summary>Writes weights into unet/.</summary>
    internal void Weights(string name, IEnumerable<(string Name, Tensor Tensor)>? tensors = null) =>
        SafetensorsWriter.Write(_folder.At($"unet/{name}"), tensors ?? _tensors);

    /// <summary>Writes weights in two shards and their index, which may be changed, into unet/.</summary>
    internal void Shards(Action<JsonObject>? change = null)
    {
        var map = new JsonObject();
        for (var shard = 0; shard < 2; shard++)
        {
            var name = $"diffusion_pytorch_model-0000{shard + 1}-of-00002.safetensors";
            var part = _tensors.Where((_, i) => i % 2 == shard).ToList();
            Weights(name, part);
            foreach (var (tensor, _) in part)
                map[tensor] = name;
        }
        change?.Invoke(map);
        Text($"unet/{Index}", new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
    }

    internal void Text(string file, string text) => _folder.Write(file, text);

    /// <summary>Moves a folder or file.</summary>
    internal void Move(string from, string to) => Directory.Move(this[from], _folder.At(to));

    internal void Delete(string folder) => Directory.Delete(this[folder], recursive: true);

    /// <summary>Sets a value of a JSON file, given as JSON.</summary>
    internal void Set(string file, string key, string value)
    {
        var json = JsonNode.Parse(File.ReadAllText(this[file]))!.AsObject();
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(this[file], json.ToJsonString());
    }

    internal IDiffusionModel Load(string relative = "", string? schedule = null) =>
        new DiffusersAdapter().Load(this[relative], CPU, new() { Schedule = schedule });

    /// <summary>Why it is not loaded: one sentence.</summary>
    internal string Refusal(string relative = "", string? schedule = null)
    {
        var message = Assert.Throws<AuditException>(() => Load(relative, schedule)).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>That it is recognised, and predicts, to the bit, what the checkpoint as published does.</summary>
    internal void AssertSame(string relative = "")
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden("ddpm-tiny");
        Assert.True(new DiffusersAdapter().CanLoad(this[relative]));
        using var model = Golden.Load(this[relative]);
        Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict(model)));
        Assert.True(golden.Model.Process.Levels.SequenceEqual(model.Process.Levels));
        Assert.Equal(golden.Model.Process.Prediction, model.Process.Prediction);
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _tensors)
            tensor.Dispose();
        _folder.Dispose();
    }
}
