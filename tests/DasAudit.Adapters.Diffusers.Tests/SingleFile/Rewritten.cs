using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>A golden single file with other tensors or metadata.</summary>
internal sealed class Rewritten : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    /// <param name="golden">Of single-file/, such as <c>sd15</c>.</param>
    internal Rewritten(string golden = "sd15")
    {
        var folder = GoldenFiles.PathOf($"single-file/{golden}");
        using var file = SafetensorsFile.Open(Directory.GetFiles(folder, "*-tiny.safetensors").Single());
        foreach (var name in file.Names)
            Tensors[name] = file.Read(name);
        Configuration =
            golden == "sd15" ? System.IO.Path.Combine(folder, "diffusers-config") : GoldenFiles.PathOf("sdxl-tiny");
    }

    internal Dictionary<string, Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The configuration to open it with; null for none.</summary>
    internal string? Configuration { get; set; }

    internal string Path => _folder.At("model.safetensors");

    /// <summary>Writes a file beside it.</summary>
    internal string Beside(string name, string text)
    {
        _folder.Write(name, text);
        return _folder[name];
    }

    internal void Rename(string from, string to)
    {
        foreach (var name in Tensors.Keys.Where(name => name.Contains(from, StringComparison.Ordinal)).ToList())
        {
            Tensors[name.Replace(from, to, StringComparison.Ordinal)] = Tensors[name];
            Tensors.Remove(name);
        }
    }

    internal LoadedFile Load()
    {
        SafetensorsWriter.Write(Path, Tensors.Select(entry => (entry.Key, entry.Value)), Metadata);
        return new LoadedFile(Path, Configuration);
    }

    /// <summary>Why it is not loaded: one sentence.</summary>
    internal string Refusal()
    {
        var message = Assert.Throws<AuditException>(() => Load().Dispose()).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
