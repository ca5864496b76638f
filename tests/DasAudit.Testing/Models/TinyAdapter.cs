using DasAudit.Abstractions;
using TorchSharp;

namespace DasAudit.Testing;

/// <summary>Loads a small model whatever the path, <see cref="TinyUnet"/> of seed 3 unless said otherwise.</summary>
internal sealed class TinyAdapter(Func<string, IDiffusionModel>? load = null) : IModelAdapter
{
    public string Name => "tiny";

    public bool CanLoad(string path) => true;

    public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) =>
        load?.Invoke(path) ?? new TinyUnet(3);
}
