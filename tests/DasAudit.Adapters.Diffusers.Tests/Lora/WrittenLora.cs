using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>A LoRA's file, written in another way.</summary>
internal sealed class WrittenLora : IDisposable
{
    internal const string DiffusersName = "pytorch_lora_weights.safetensors";
    internal const string PeftName = "adapter_model.safetensors";

    private readonly TempFolder _folder = new();

    /// <summary>Begins with the tensors of a file, and none of its metadata.</summary>
    internal WrittenLora(string path)
    {
        using var file = SafetensorsFile.Open(path);
        Tensors = file.Names.ToDictionary(name => name, name => file.Read(name).DetachFromDisposeScope());
    }

    internal Dictionary<string, Tensor> Tensors { get; private set; }

    internal Dictionary<string, string> Metadata { get; } = [];

    internal string Folder => _folder.Path;

    /// <summary>Changes all names; a tensor whose new name is null is left out.</summary>
    internal void Rename(Func<string, string?> rename) =>
        Tensors = Tensors
            .Select(entry => (Name: rename(entry.Key), entry.Value))
            .Where(entry => entry.Name is not null)
            .ToDictionary(entry => entry.Name!, entry => entry.Value);

    internal void Replace(string name, Tensor tensor) => Tensors[name] = tensor.DetachFromDisposeScope();

    internal void Text(string name, string text) => _folder.Write(name, text);

    /// <summary>Writes the file and returns its path.</summary>
    internal string Write(string name = DiffusersName)
    {
        SafetensorsWriter.Write(_folder.At(name), Tensors.Select(entry => (entry.Key, entry.Value)), Metadata);
        return _folder[name];
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
        _folder.Dispose();
    }
}
